"""A small call over a kept connection, its body untouched."""
from measure import allocations, cpu_microseconds, instructions, per_call, system_calls, taking_turns

# bench/run adds yalantinglibs if it has been given that.
peers = ["cubicasa", "beast", "curl", "asio", "httplib"]


def measure(server, table, runs):
    def each(counter, in_flight, short, long):
        def one(peer):
            return per_call(lambda calls: counter(*server.command(f"call_{peer}", calls, in_flight)), short, long)
        return {peer: one(peer) for peer in peers}

    table.ratios("instructions of a call", each(instructions, 1, 200, 1200), {"beast": 1.00, "curl": 0.40})
    counted = each(allocations, 1, 200, 1200)
    table.row("allocations of a call", counted, [("ours", counted["cubicasa"], "at most", 20)])
    for in_flight, limit in [(1, 5), (64, 3.5)]:
        counted = each(system_calls, in_flight, 2000, 8000)
        table.row(f"system calls of a call, {in_flight} in flight", counted, [("ours", counted["cubicasa"], "at most", limit)])
    for in_flight, limits in [(1, {"beast": 1.00, "curl": 0.55, "yalantinglibs": 0.75}),
                              (64, {"beast": 1.00, "curl": 0.45, "yalantinglibs": 0.75})]:
        calls = 20000
        times = taking_turns({peer: lambda peer=peer: cpu_microseconds(*server.command(f"call_{peer}", calls, in_flight)) / calls
                              for peer in peers}, runs)
        table.ratios(f"CPU time of a call, us, {in_flight} in flight", times,
                     {peer: limit for peer, limit in limits.items() if peer in peers})
