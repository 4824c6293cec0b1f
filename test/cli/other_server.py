# A server that speaks the contract as the documents have it, and is not the sandbox: plain HTTP on a free port of this
# machine, which it prints. What a test asks about requests is in the answer of /seen.
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ORDERS = [{"id": f"order-{n}", "info": {"status": "Ready", "created_at": 1760000000 - n}} for n in range(3)]
seen = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, document, headers=()):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        if url.path == "/seen":
            return self.answer(200, seen)
        seen.append({"method": self.command, "path": url.path, "query": query, "headers": headers, "body": body})
        if url.path == "/orders":
            offset, limit = int(query.get("offset", 0)), min(int(query.get("limit", 2)), 2)
            more = offset + limit < len(ORDERS)
            page = {"limit": limit, "previous_offset": offset, "has_more": more}
            if more:
                page["next_offset"] = offset + limit
            return self.answer(200, {"pagination": page, "items": ORDERS[offset : offset + limit]})
        if url.path.startswith("/orders/order-"):  # longer than a pipe of Linux holds
            order = {"id": url.path.split("/")[-1], "info": {"status": "Ready", "add_info": "long " * 40000}}
            return self.answer(200, order)
        if url.path == "/offices":  # as if the header fields had got into the record
            return self.answer(200, {"pagination": {"has_more": False}, "items": [{"id": "x", "name": str(headers)}]})
        if url.path == "/companies/info":
            return self.answer(200, {"profile": {"name": "Echo", "email": str(headers)}})
        if url.path == "/companies/package":
            return self.answer(307, {"message": "moved"}, [("Location", "/orders")])
        message = "These header fields are wrong: " + str(headers)
        complaint = {"headers": [{"loc": ["API-Key"], "msg": message}]}
        self.answer(400, {"message": message, "validation_error": complaint})

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
