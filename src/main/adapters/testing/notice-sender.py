"""Run by tests: sends datagrams to the socket of a watchdog. `notice-sender.py PATH ACT [ARGUMENT]`"""
import array
import os
import socket
import struct
import sys
import threading
import time

path, act = sys.argv[1], sys.argv[2]
argument = sys.argv[3] if len(sys.argv) > 3 else ""
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)


def send(text, descriptors=()):
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
    sender.sendmsg([text.encode()], rights, 0, path)


def lingering(seconds):
    """A socket whose close waits for a peer that never reads."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)
    client = socket.create_connection(listener.getsockname())
    peer, _ = listener.accept()
    client.setblocking(False)
    try:
        while True:
            client.send(b"x" * 65536)
    except BlockingIOError:
        pass
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, seconds))
    return client, peer


if act == "text":
    send(argument.encode().decode("unicode_escape"))
elif act == "stamp":
    send(f"STATUS={time.clock_gettime_ns(time.CLOCK_MONOTONIC)}")
elif act == "descriptors":
    send("FDSTORE=1\nREADY=1", [os.dup(0) for _ in range(int(argument))])
elif act == "barrier":
    reading, writing = os.pipe()
    if argument:
        send(argument)
    send("BARRIER=1", [writing])
    os.close(writing)
    os.read(reading, 1)
    print("passed", flush=True)
elif act == "linger":
    pairs = [lingering(60) for _ in range(int(argument))]

    def send_and_close(descriptor):
        # Ours goes first, so that the last one to close it is the receiver; if that was faster, this thread waits.
        send("FDSTORE=1", [descriptor])
        os.close(descriptor)

    threads = [threading.Thread(target=send_and_close, args=[each.detach()], daemon=True) for each, _ in pairs]
    for thread in threads:
        thread.start()
        thread.join(0.1)
    print("sent", flush=True)
    time.sleep(60)
elif act == "flood":
    # In time, so that it ends without its test, too.
    end = time.monotonic() + 20
    sender.setblocking(argument != "spin")
    print("flooding", flush=True)
    while time.monotonic() < end:
        try:
            for _ in range(1000):
                send("STATUS=" + "x" * 4000)
        except BlockingIOError:
            pass
