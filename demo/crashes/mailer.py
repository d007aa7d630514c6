"""python3 mailer.py BUG NAME: bugs whose values are words, and that meet in the same helpers. SHIFT stands where lines come and go."""
import concurrent.futures
import logging
import multiprocessing
import os
import sys

# SHIFT


def require(condition, text):
    if not condition:
        raise ValueError(text)


def load_user(name):
    require(False, f"user {name} is unknown")


def load_template(name):
    require(False, f"template for {name} is unknown")


# SHIFT


class Box:
    def __init__(self, owner):
        self.owner = owner

    def deliver(self):
        raise LookupError(f"{self.owner} has no box")

    @property
    def size(self):
        return len(self.owner) + None


def in_pool(name):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        pool.submit(Box(name).deliver).result()


def in_process(name):
    with multiprocessing.Pool(1) as pool:
        pool.map(load_user, [name])


def in_property(name):
    return Box(name).size


def logged_and_exit(name):
    logging.basicConfig(format="%(asctime)s %(process)d %(levelname)s %(message)s")
    try:
        Box(name).deliver()
    except LookupError:
        logging.exception("delivery to %s failed", name)
        sys.exit(1)


def logged_message(name):
    logging.basicConfig(format="%(asctime)s %(process)d %(levelname)s %(message)s")
    logging.critical("no space left on /var/mail/%d", os.getpid())
    sys.exit(2)


def bad_import(name):
    import mail_backend_that_is_missing  # noqa


def unicode(name):
    return b"\xff\xfe".decode("utf-8") + name


def exit_text(name):
    sys.exit("fatal: the queue can't be opened")


def assertion(name):
    assert name.isdigit(), name


globals()[sys.argv[1]](sys.argv[2])
