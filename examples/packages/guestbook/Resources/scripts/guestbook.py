"""A guest book: one page with a form, and what has been written so far."""

import html
import http.server
import sys
import urllib.parse

import psycopg2

with open(sys.argv[1]) as f:
    settings = dict(line.split("=", 1) for line in f.read().splitlines())

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<h1>{title}</h1>
<form method="post"><input name="text" maxlength="200" required> <button>Write</button></form>
<ul>{entries}</ul>
</html>
"""


def connect():
    return psycopg2.connect(
        host=settings["host"],
        port=settings["port"],
        dbname=settings["database"],
        user=settings["user"],
        password=settings["password"],
    )


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with connect() as db, db.cursor() as cursor:
            cursor.execute("SELECT text FROM entries ORDER BY id DESC LIMIT 100")
            entries = "".join(f"<li>{html.escape(text)}</li>" for (text,) in cursor)
        body = PAGE.format(title=html.escape(settings["title"]), entries=entries).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        length = min(int(self.headers.get("Content-Length", 0)), 4096)
        form = urllib.parse.parse_qs(self.rfile.read(length).decode())
        text = form.get("text", [""])[0][:200]
        if text:
            with connect() as db, db.cursor() as cursor:
                cursor.execute("INSERT INTO entries (text) VALUES (%s)", (text,))
        self.send_response(303)
        self.send_header("Location", "/")
        self.end_headers()


with connect() as db, db.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS entries (id serial PRIMARY KEY, text text NOT NULL)")
http.server.ThreadingHTTPServer(("", 80), Handler).serve_forever()
