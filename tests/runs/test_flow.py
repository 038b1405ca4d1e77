"""The flow from the shop to the books, run against both sandboxes: what is made, what waits, what is left alone."""


def test_x(stage):
    import time

    t = time.time()
    s = stage()
    print("stage", time.time() - t)
    t = time.time()
    s.order()
    s.order(email="a@b.example")
    r = s.run()
    print("run", time.time() - t)
    print(r, s.documents().keys())
    t = time.time()
    r = s.run()
    print("run", time.time() - t, r.counts)
