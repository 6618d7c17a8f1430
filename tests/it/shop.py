"""shop - a small WSGI application with a pool of connections to its database.

/        what is in stock, from the database; 503 while there is none
/alive   the same question: whoever asks believes that the application is ill when the database is

Environment: SHOP_DATABASE, a connection string.
"""

import os

import psycopg2
import psycopg2.pool

pool = None


def database():
    """Made by the first request of each process: connections are not shared over fork(2)."""
    global pool
    if pool is None:
        pool = psycopg2.pool.ThreadedConnectionPool(1, 8, os.environ["SHOP_DATABASE"])
    return pool


def stock():
    connection = database().getconn()
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("select count(*) from stock")
            return cursor.fetchone()[0]
    finally:
        # One that is broken is not kept.
        database().putconn(connection, close=bool(connection.closed))


def application(environ, respond):
    try:
        status, body = "200 OK", f"{stock()} in stock\n"
    except psycopg2.Error as error:
        status, body = "503 Service Unavailable", f"no database: {error}\n"
    data = body.encode()
    respond(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(data)))])
    return [data]
