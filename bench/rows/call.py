"""A small call over a kept connection, its body untouched."""
from measure import (allocations, cpu_microseconds, every_core, instructions, per_call, system_calls, taking_turns,
                     traced_system_calls)

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
    # With 64 in flight it is chance how many answers are there when a program asks; strace lets all be there.
    for in_flight, how, counter, limit in [(1, "", system_calls, 5), (1, ", by strace", traced_system_calls, 5),
                                           (64, ", by strace", traced_system_calls, 3.5)]:
        counted = each(counter, in_flight, 2000, 8000)
        table.row(f"system calls of a call, {in_flight} in flight{how}", counted,
                  [("ours", counted["cubicasa"], "at most", limit)])
    # One after the other, a call ends in a sleep. Where the server has a core of its own, most of the CPU time is spent by
    # the system in stopping and waking a core, which takes the host of a virtual machine four times as long in one hour
    # as in another. On the server's core it is a switch from one process to the other.
    shared = {max(every_core())}
    for in_flight, cores, where, limits in [
            (1, shared, ", on the server's core", {"beast": 1.00, "curl": 0.55, "yalantinglibs": 0.75}),
            (1, every_core(), ", on any core", {}),
            (64, every_core(), "", {"beast": 1.00, "curl": 0.45, "yalantinglibs": 0.75})]:
        server.run_on(cores)
        calls = 20000
        times = taking_turns(
            {peer: lambda peer=peer: cpu_microseconds(*server.command(f"call_{peer}", calls, in_flight), cores=cores) / calls
             for peer in peers}, runs)
        table.ratios(f"CPU time of a call, us, {in_flight} in flight{where}", times,
                     {peer: limit for peer, limit in limits.items() if peer in peers})
    server.run_on(every_core())
