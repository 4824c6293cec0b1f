"""What one call or order costs as there are more of them. Draws build/bench/growth.svg, with the data beside it."""
import os

from measure import build, cpu_microseconds, output_of, root, taking_turns

in_flight = [1, 10, 100, 1_000, 10_000, 100_000]
orders = [100, 1_000, 10_000, 100_000, 1_000_000]
connections = [1, 4, 16, 64, 256, 1_000]
page = 100


def cpu_of_call(server, n):
    """With n in flight over at most 64 connections. Queueing counts, but not the start of program and connections."""
    calls, few = max(100_000, 2 * n), 1_000
    start = cpu_microseconds(*server.command("call_cubicasa", few, min(n, 64)))
    return (cpu_microseconds(*server.command("call_cubicasa", calls, n)) - start) / (calls - few)


def cpu_of_order(server, n):
    """Of walks over n orders each."""
    handed_out = max(200_000, n)
    return cpu_microseconds(*server.command("growth_walk", handed_out, 1, f"/lists/{n}")) / handed_out


def cpu_of_call_by_connections(server, n):
    calls = 50_000
    return cpu_microseconds(*server.command("growth_connections", calls, n)) / calls


def page_of(offset, n):
    """At `offset` of a list of n orders. They are small, so that what is measured is more than the JSON of orders."""
    items = ",".join('{"id":"%08x-0000-4000-8000-%012x","info":{"status":"Ready"}}' % (i, i)
                     for i in range(offset, offset + page))
    more = "true" if offset + page < n else "false"
    return f'{{"pagination":{{"has_more":{more},"limit":{page},"next_offset":{offset + page}}},"items":[{items}]}}'


def write_lists(www):
    """A folder for each list, whose pages are named by their offsets. Only their last pages differ."""
    for n in sorted(orders, reverse=True):
        folder = www / "lists" / str(n)
        folder.mkdir(parents=True)
        for offset in range(0, n, page):
            if n == max(orders) or offset + page == n:
                (folder / str(offset)).write_text(page_of(offset, n))
            else:
                os.link(www / "lists" / str(max(orders)) / str(offset), folder / str(offset))


def draw(curves):
    data = build / "growth.dat"
    data.write_text("\n\n".join(f'"{title}"\n' + "".join(f"{n} {cost:.4f}\n" for n, cost in curve.items())
                                for title, curve in curves.items()))
    output_of("gnuplot", "-c", root / "bench" / "growth.gnuplot", data, build / "growth.svg")


def measure(server, table, runs):
    write_lists(server.www)
    turns = min(runs, 3)  # each is long
    curves = {}
    for title, one, sizes in [("a call, by calls in flight", cpu_of_call, in_flight),
                              ("an order, by orders of a walk", cpu_of_order, orders),
                              ("a call, by connections", cpu_of_call_by_connections, connections)]:
        curve = taking_turns({n: lambda n=n: one(server, n) for n in sizes}, turns)
        costs = list(curve.values())
        # One costs more where there are few: a thread sleeps for each call, a walk has a beginning. That is no growth.
        rise = max(cost / min(costs[:i + 1]) for i, cost in enumerate(costs))
        table.row(f"CPU time of {title}, us", {f"{n:,}": cost for n, cost in curve.items()},
                  [("dearer than with fewer", rise, "at most", 2.0)])
        curves[title] = curve
    draw(curves)
