"""Sixteen clients that ask the server at the URL for the order, over and over. In the midst of it the process gets a
SIGTERM; then each request must end in one of three ways: with a whole answer, with the end of its connection before the
first byte of an answer (it was not begun, and may be sent again), or with no connection at all.

    server_load_clients.py URL PID
"""
import os
import signal
import socket
import sys
import threading
import urllib.parse

PATIENCE = 20  # seconds; an answer takes 2 s at most, and the server ends within 5 s

url, process = urllib.parse.urlsplit(sys.argv[1]), int(sys.argv[2])
request = ("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (url.path, url.netloc)).encode()
whole, unanswered, broken = [0], [0], []
after_signal = threading.Event()
lock = threading.Lock()


def whole_answer(data):
    head, end, body = data.partition(b"\r\n\r\n")
    lengths = [int(l.split(b":")[1]) for l in head.lower().split(b"\r\n") if l.startswith(b"content-length:")]
    return bool(end) and head.startswith(b"HTTP/1.1 ") and len(lengths) == 1 and len(body) == lengths[0]


def ask(connection):
    """True if the connection can be used again."""
    data = b""
    try:
        connection.sendall(request)
        while not whole_answer(data):
            more = connection.recv(65536)
            if not more:
                break
            data += more
    except (ConnectionResetError, BrokenPipeError):
        pass
    except socket.timeout:
        data = data or b"(silence)"
    with lock:
        if whole_answer(data):
            whole[0] += 1
        elif data or not after_signal.is_set():
            broken.append(data)
        else:
            unanswered[0] += 1
        if whole[0] >= 1000 and not after_signal.is_set():
            after_signal.set()
            os.kill(process, signal.SIGTERM)
    return whole_answer(data) and b"connection: close" not in data.lower()


def client():
    while not broken:
        try:
            connection = socket.create_connection((url.hostname, url.port), timeout=PATIENCE)
        except OSError:
            if after_signal.is_set():
                return
            continue
        with connection:
            while ask(connection):
                pass


clients = [threading.Thread(target=client) for _ in range(16)]
for c in clients:
    c.start()
for c in clients:
    c.join()
print("in the end: %d whole answers, %d requests not begun" % (whole[0], unanswered[0]))
if broken:
    sys.exit("%d broken answers: %r" % (len(broken), broken[0][:200]))
