"""The pool's decisions alone, with an uncontended mutex: no socket, no clock."""
from measure import instructions, per_call, program


def measure(server, table, runs):
    counted = per_call(lambda times: instructions(program("pool_kernel"), times), 1000, 11000)
    table.row("instructions to lend and take back a connection, 64 idle", {"cubicasa": counted},
              [("ours", counted, "at most", 300)])
