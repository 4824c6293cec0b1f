"""A page of 20 orders, from text to structs."""
import re, sys

from answers import page_of_orders
from measure import instructions, output_of, per_call, program, taking_turns

libraries = ["cubicasa", "simdjson", "rapidjson", "boost", "nlohmann"]
repetitions = 2000


def measure(server, table, runs):
    text = server.folder / "page.json"
    text.write_text(page_of_orders(), "utf-8")

    def decode(library, count):
        """Megabytes in a second, and the check sum."""
        out = output_of(program(f"decode_{library}"), text, count)
        size, time, check_sum = map(int, re.fullmatch(r"(\d+) bytes, (\d+) us, check sum (\d+)\n", out).groups())
        return size * count / max(time, 1), check_sum

    sums = {library: decode(library, 1)[1] for library in libraries}
    if len(set(sums.values())) != 1:
        sys.exit(f"decoding: not all have filled the same members: {sums}")

    speeds = taking_turns({library: lambda library=library: decode(library, repetitions)[0] for library in libraries}, runs)
    table.ratios("decoding a page of orders, MB/s", speeds, {"simdjson": 1.2, "nlohmann": 6}, "at least")
    table.row("instructions of decoding a page of orders",
              {library: per_call(lambda count: instructions(program(f"decode_{library}"), text, count), 20, 220)
               for library in libraries})
