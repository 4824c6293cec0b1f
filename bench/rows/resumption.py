"""TLS sessions: whether connections after the first are resumed, and what that saves."""
import re, sys
from measure import cpu_microseconds, output_of, taking_turns

path = "/closing/small"


def resumed(server, table, version, port, connects):
    text = output_of(*server.command("connect", connects, 1, path, port))
    opened, by_client = map(int, re.search(r"(\d+) opened, (\d+) resumed", text).groups())
    log = server.log(connects)
    shares = {"by OpenSSL": by_client / (opened - 1), "by the server's log": log.count("r") / (len(log) - 1)}
    table.row(f"resumed after the first connection, {version}", shares,
              [(who, share, "at least", 0.99) for who, share in shares.items()])


def cost(server, table, version, port_with, port_without, connects, runs):
    def one(port, share):
        time = cpu_microseconds(*server.command("connect", connects, 1, path, port))
        if abs(server.log(connects).count("r") / connects - share) > 0.01:
            sys.exit(f"not {share:.0%} of the connections to port {port} were resumed")
        return time / connects
    times = taking_turns({"resumed": lambda: one(port_with, 1), "full": lambda: one(port_without, 0)}, runs)
    table.ratios(f"CPU time of a new connection and its call, us, {version}", times, {"full": 0.5})


def measure(server, table, runs):
    resumed(server, table, "TLS 1.3", server.port, 1000)
    resumed(server, table, "TLS 1.2", server.port_tls12, 1000)
    cost(server, table, "TLS 1.3", server.port, server.port_full, 1000, runs)
    cost(server, table, "TLS 1.2", server.port_tls12, server.port_tls12_full, 1000, runs)
