"""Typed calls: a page of 20 orders beside a loop of Beast, and what one order costs beyond its parts."""
import re, sys

from answers import one_order, page_of_orders
from measure import cpu_microseconds, instructions, output_of, per_call, program, taking_turns

peers = ["cubicasa", "beast"]


def measure(server, table, runs):
    (server.www / "orders").write_text(page_of_orders(), "utf-8")
    sums = {peer: re.search(r"check sum (\d+)", output_of(*server.command(f"list_{peer}", 1, 1, "/orders"))).group(1)
            for peer in peers}
    if len(set(sums.values())) != 1:
        sys.exit(f"list_page: not all have filled the same members: {sums}")
    calls = 5000
    for in_flight, limits in [(1, {"beast": 0.80}), (64, {})]:
        def one(peer):
            return cpu_microseconds(*server.command(f"list_{peer}", calls, in_flight, "/orders")) / calls
        times = taking_turns({peer: lambda peer=peer: one(peer) for peer in peers}, runs)
        table.ratios(f"CPU time of a typed call of list_orders, us, {in_flight} in flight", times, limits)

    order, text = one_order()
    path = f"/one/orders/{order}"
    file = server.www / path[1:]
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")

    def calls_of(name):
        return per_call(lambda calls: instructions(*server.command(name, calls, 1, path)), 200, 1200)

    parts = {"typed": calls_of("get_cubicasa"), "raw": calls_of("call_cubicasa"),
             "decoding": per_call(lambda count: instructions(program("decode_order"), file, count), 200, 1200)}
    table.row("instructions of a typed call of get_order", parts,
              [("to its parts", parts["typed"] / (parts["raw"] + parts["decoding"]), "at most", 1.03)])
