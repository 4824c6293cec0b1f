"""What is held by connections that are idle and by calls that wait: the client's process only."""
import re
from measure import cpu_microseconds, output_of, per_call, program, taking_turns


def heap(*command):
    return int(re.search(r"(\d+) bytes of heap", output_of(*command)).group(1))


def idle_connections(server, table):
    # Ours are all in use at once only if the answers take longer than the connects.
    paths = {"cubicasa": "/slow/small", "openssl": "/small"}
    held = {peer: per_call(lambda n: heap(*server.command(f"idle_{peer}", n, n, path)), 100, 600)
            for peer, path in paths.items()}
    table.ratios("heap of an idle TLS connection, bytes", held, {"openssl": 1.05})


def waiting_calls(table):
    calls = 10000
    held = {how: heap(program("waiting"), calls, how) / calls for how in ["callbacks", "coroutines"]}
    table.row("heap of a call that waits for the pool, bytes", held, [("with a callback", held["callbacks"], "at most", 2048)])


def many_calls(server, table, runs):
    calls = 100000

    def time(in_flight):
        return cpu_microseconds(*server.command("call_cubicasa", calls, in_flight)) / calls

    text = output_of(*server.command("call_cubicasa", calls, 10000))
    peak = int(re.search(r"(\d+) KiB", text).group(1)) / 1024
    table.row("peak memory, 10,000 in flight over 64 connections, MiB", {"cubicasa": peak},
              [("resident, of the whole process", peak, "at most", 64)])
    times = taking_turns({f"{n:,} in flight": lambda n=n: time(n) for n in [1000, 10000, 100000]}, runs)
    table.row("CPU time of a call over 64 connections, us (linear: the same whatever is in flight)", times,
              [("greatest to least", max(times.values()) / min(times.values()), "at most", 1.5)])


def measure(server, table, runs):
    idle_connections(server, table)
    waiting_calls(table)
    many_calls(server, table, runs)
