"""A walk over a list whose consumer takes as long for a page as the server does, with and without reading ahead."""
import re
from measure import output_of, program, taking_turns

pages = 50
delay = 20  # ms


def measure(server, table, runs):
    def seconds(how):
        return int(re.search(r"(\d+) us", output_of(program("walk"), pages, delay, how)).group(1)) / 1e6

    # Both wait most of the time, so that this is time on the wall.
    times = taking_turns({how: lambda how=how: seconds(how) for how in ["ahead", "serial"]}, runs)
    table.row(f"walk over {pages} pages, {delay} ms each for server and consumer, s", times,
              [("serial to ahead", times["serial"] / times["ahead"], "at least", 1.8)])
