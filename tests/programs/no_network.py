# verdict: failed
# test_main: error


def first():
    return 1


def main():
    import socket
    return socket.create_connection(('127.0.0.1', 8080))


def last():
    return 3
