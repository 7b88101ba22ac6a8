"""A desk whose memory runs out: ``python -m tests.ledger.scarce_memory FOLDER POINTS``.

At each point the process may have a little more than it has, and settles, reverses and saves a draft until that is
done. Lines out: how often each code was said, and how often something was done.
"""

from __future__ import annotations

import gc
import random
import resource
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from clerk_app.errors import ClerkError
from tests.ledger.office import Office, receipt

LONG = "长" * 200_000


def main() -> None:
    office = Office(Path(sys.argv[1]) / "ledger.db")
    chance = random.Random(7)  # noqa: S311 -- places to stop at, no secret
    said: Counter[str] = Counter()
    person = office.person()
    for point in range(int(sys.argv[2])):
        request = office.request(person, receipt(f"{point}", diagnosis=LONG))
        settled = tried(lambda request=request: office.ledger.settle(request), chance, said)
        again = office.ledger.settle(request)
        assert settled in (None, again), "pressed again"
        tried(lambda point=point: office.ledger.save_claim(f"draft-{point}", "某人", LONG), chance, said)
        key = f"reverse-{point}"
        mirror = tried(
            lambda again=again, key=key: office.ledger.reverse(again.voucher_number, "退票", key), chance, said
        )
        assert mirror in (None, office.ledger.reverse(again.voucher_number, "退票", key))
    office.ledger.close()
    for code, count in said.items():
        sys.stdout.write(f"{code} {count}\n")


def tried(press: Callable[[], object], chance: random.Random, said: Counter[str]) -> object:
    gc.collect()
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes() + chance.randrange(6_000_000), resource.RLIM_INFINITY))
    try:
        result = press()
    except ClerkError as error:
        code = error.code
    else:
        code = "done"
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    said[code] += 1
    return result if code == "done" else None


def used_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
