"""Downloads of one large file into a file, with and without SHA-256, beside peers that write the same file."""
import re

from measure import cpu_microseconds, output_of, taking_turns

gib = 1 << 30
size = gib // 2


def put_file(server, name, bytes):
    with open(server.www / name, "wb") as file:
        block = bytes_that_do_not_repeat()
        for _ in range(bytes // len(block)):
            file.write(block)


def bytes_that_do_not_repeat():
    return b"".join(i.to_bytes(4, "little") for i in range(1 << 18))


def measure(server, table, runs):
    put_file(server, "large", size)
    put_file(server, "medium", size // 8)

    def command(peer, path, target):
        return [*server.command(f"download_{peer}", 1, 1, path), server.folder / target]

    for what, suffix, limits in [("", "", {"beast": 1.00, "curl": 1.10}), (" with SHA-256", ".sha", {"beast": 1.15})]:
        peers = ["cubicasa", *limits]
        times = taking_turns({peer: lambda peer=peer: cpu_microseconds(*command(peer, "/large", "download" + suffix))
                              for peer in peers}, runs)
        per_gib = {peer: us * gib / size / 1e6 for peer, us in times.items()}
        table.ratios(f"CPU time of a download to a file{what}, s for each GiB", per_gib, limits)

    def peak(path):
        return int(re.search(r"(\d+) KiB", output_of(*command("cubicasa", path, "download"))).group(1))

    medium, large = peak("/medium"), peak("/large")
    table.row("peak memory of a download, KiB", {"512 MiB": large, "64 MiB": medium},
              [("growth", large - medium, "at most", 4096)])
