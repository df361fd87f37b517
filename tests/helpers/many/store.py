"""A store like Amazon's S3 that is slow and often fails. Run by build/many/store.

    build/many/store/bin/python tests/helpers/many/store.py PORT

Each answer takes 10 ms, and every fifth is "slow down". `/refused` tells how many were.
"""

import itertools
import sys
import time

ANSWER = (
    "<?xml version='1.0'?><Error><Code>SlowDown</Code>"
    "<Message>Please reduce your request rate.</Message></Error>"
)


class Failing:
    def __init__(self, store):
        self.store, self.asked, self.refused = store, itertools.count(1), 0

    def __call__(self, environ, start):
        if environ["PATH_INFO"] == "/refused":
            return self.answer("200 OK", str(self.refused), start)
        time.sleep(0.01)
        if next(self.asked) % 5 == 0:
            self.refused += 1
            return self.answer("503 Slow Down", ANSWER, start)
        return self.store(environ, start)

    def answer(self, status, text, start):
        start(status, [("Content-Type", "text/xml")])
        return [text.encode()]


if __name__ == "__main__":
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import run_simple

    store = DomainDispatcherApplication(create_backend_app)
    run_simple("127.0.0.1", int(sys.argv[1]), Failing(store), threaded=True)
