"""What the rows of bench/run share: programs, the server, counters, and the table."""
import json, os, pathlib, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

root = pathlib.Path(__file__).resolve().parent.parent
build = root / "build" / "bench"


def output_of(*command, **options):
    done = subprocess.run([str(c) for c in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}")
    return done.stdout


def program(name):
    return build / "bench" / name


def per_call(count, short, long):
    """From what two runs of different lengths count, so that the beginning and the end do not."""
    return (count(long) - count(short)) / (long - short)


def instructions(*command):
    text = output_of("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command)
    return int(re.search(r"Collected : (\d+)", text).group(1))


def allocations(*command):
    preload = {**os.environ, "LD_PRELOAD": str(program("allocations.so"))}
    return int(re.search(r"(\d+) allocations", output_of(*command, env=preload)).group(1))


def system_calls(*command):
    """At the program's own pace."""
    preload = {**os.environ, "LD_PRELOAD": str(program("system_calls.so"))}
    return int(re.search(r"(\d+) system calls", output_of(*command, env=preload)).group(1))


def traced_system_calls(*command):
    """Of any kind. The program is slowed down."""
    return int(re.search(r"(\d+)(?:\s+\d+)? total", output_of("strace", "-f", "-c", *command)).group(1))


def every_core():
    return os.sched_getaffinity(0)


def cpu_microseconds(*command, cores=every_core()):
    """Of a program that ends with bench::report(), and runs on `cores`."""
    text = output_of(*command, preexec_fn=lambda: os.sched_setaffinity(0, cores))
    user, system = re.search(r"(\d+) us user, (\d+) us system", text).groups()
    return int(user) + int(system)


def taking_turns(measures, runs):
    """The median of each of the functions in `measures`, by name; they are called in turns: A B A B."""
    seen = {name: [] for name in measures}
    for _ in range(runs):
        for name, measure in measures.items():
            seen[name].append(measure())
    return {name: statistics.median(values) for name, values in seen.items()}


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


class Server:
    """nginx with TLS 1.3 in a folder of its own, with a certificate for localhost. Files of `www` are its answers: at once,
    or below /slow/ in some seconds, or below /closing/ as the last one of a connection, with a line in the log."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cubicasa-bench-"))
        self.host = "localhost"
        self.port, self.port_tls12, self.port_full, self.port_tls12_full = free_ports(4)  # full: nothing is resumed
        self.www = self.folder / "www"
        self.www.mkdir()
        (self.www / "small").write_text(json.dumps({"id": "1", "text": "x" * 1000}))
        self.ca = self.make_certificates()
        temporary = "".join(f"{use}_temp_path {use};" for use in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(f"""{user} daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
            worker_rlimit_nofile 5000; events {{ worker_connections 4000; }}
            http {{ default_type application/json; keepalive_requests 1000000000; {temporary}
                log_format resumption "$ssl_session_reused"; access_log off;
                keepalive_timeout 600s; open_file_cache max=100;
                ssl_certificate cert.pem; ssl_certificate_key key.pem;
                {self.block(self.port, "TLSv1.3")}
                {self.block(self.port_tls12, "TLSv1.2")}
                {self.block(self.port_full, "TLSv1.3", "ssl_session_tickets off; ssl_session_cache off;")}
                {self.block(self.port_tls12_full, "TLSv1.2", "ssl_session_tickets off; ssl_session_cache off;")}
            }}""")
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-p", f"{self.folder}/", "-c", "nginx.conf", "-e", "error.log"])
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    sys.exit("nginx does not start:\n" + (self.folder / "error.log").read_text())
                time.sleep(0.05)

    def make_certificates(self):
        """A chain of root, intermediate and server, as public servers have it: cert.pem, key.pem. Gives the root's file."""
        def made(name, subject, signer, *extensions):
            key, certificate = self.folder / f"{name}.key", self.folder / f"{name}.crt"
            by = ["-CA", self.folder / f"{signer}.crt", "-CAkey", self.folder / f"{signer}.key"] if signer else []
            output_of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                      "-keyout", key, "-out", certificate, "-days", "3", "-subj", f"/CN={subject}", *by,
                      *(part for e in extensions for part in ["-addext", e]))
            return key, certificate

        authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"]
        root = made("root", "root", None, *authority)[1]
        intermediate = made("intermediate", "intermediate", "root", *authority)[1]
        key, server = made("server", "localhost", "intermediate", "basicConstraints=critical,CA:FALSE",
                           "subjectAltName=DNS:localhost")
        key.rename(self.folder / "key.pem")
        (self.folder / "cert.pem").write_text(server.read_text() + intermediate.read_text())
        return root

    @staticmethod
    def block(port, protocol, more=""):
        return f"""server {{ listen 127.0.0.1:{port} ssl backlog=4096; root www; ssl_protocols {protocol}; {more}
                    location /slow/ {{ alias www/; limit_rate 300; }}
                    location /closing/ {{ alias www/; keepalive_timeout 0; access_log access.log resumption; }}
                    location ~ ^(/lists/[0-9]+)/orders$ {{ try_files $1/$arg_offset =404; }} }}"""

    def run_on(self, cores):
        """Where nginx works from now on."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for worker in children.read_text().split():
            os.sched_setaffinity(int(worker), cores)

    def command(self, name, calls, in_flight, path="/small", port=None):
        """The command line of one of the programs that take bench::arguments."""
        return [program(name), calls, in_flight, self.host, port or self.port, path, self.ca]

    def log(self, requests):
        """What was logged of the latest requests below /closing/: "r" for each whose session was resumed, "." for others."""
        log = self.folder / "access.log"
        latest = time.monotonic() + 5  # nginx may write a line after the client has gone
        while len(lines := log.read_text().split()) < requests and time.monotonic() < latest:
            time.sleep(0.01)
        log.write_text("")
        if len(lines) != requests:
            sys.exit(f"{requests} requests, but {len(lines)} in the server's log")
        return lines

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder)


class Table:
    """Rows of figures, with what each is held against."""

    def __init__(self):
        self.rows = []

    def row(self, figure, values, checks=()):
        """`values`: by name, ours first. `checks`: (what, value, "at most" or "at least", limit)."""
        results = [{"what": what, "value": value, "sense": sense, "limit": limit,
                    "missed": value > limit if sense == "at most" else value < limit} for what, value, sense, limit in checks]
        self.rows.append({"figure": figure, "values": values, "checks": results})
        print(f"{figure}: " + ", ".join(f"{name} {value:,.6g}" for name, value in values.items()), flush=True)
        for r in results:
            print(f"    {r['what']}: {r['value']:.3g}, {r['sense']} {r['limit']:g}{'   MISSED' if r['missed'] else ''}", flush=True)

    def ratios(self, figure, values, limits, sense="at most"):
        """A row in which ours, the first value, is held against others: `limits` by their names."""
        ours = next(iter(values.values()))
        self.row(figure, values, [(f"to {peer}", ours / values[peer], sense, limit) for peer, limit in limits.items()])

    def missed(self):
        return [f"{r['figure']}, {c['what']}" for r in self.rows for c in r["checks"] if c["missed"]]

    def write(self, path):
        path.write_text(json.dumps(self.rows, indent=2))
