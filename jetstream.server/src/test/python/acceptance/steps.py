"""What a walk prints: one line per sentence of the mission, and a count at the end."""

import contextlib
import time
import traceback


class Steps:
    """Runs steps one after the other; one that fails is reported and the walk goes on with the next."""

    def __init__(self, title):
        self._title = title
        self._results = []

    @contextlib.contextmanager
    def step(self, sentence):
        begin = time.monotonic()
        notes = []
        try:
            yield notes.append
            passed = True
        except Exception:  # noqa: BLE001 - any failure of a step is its result
            traceback.print_exc()
            passed = False
        row = (passed, sentence, time.monotonic() - begin, "; ".join(notes))
        self._results.append(row)
        print(self._format(row), flush=True)

    def _format(self, row):
        passed, sentence, seconds, notes = row
        return f"{'pass' if passed else 'FAIL'}  {seconds:7.2f} s  {sentence}{'  [' + notes + ']' if notes else ''}"

    def conclude(self):
        """Prints the table and gives the exit code."""
        failed = sum(not row[0] for row in self._results)
        print(f"\n{self._title}")
        for row in self._results:
            print(self._format(row))
        print(f"{len(self._results) - failed} passed, {failed} failed", flush=True)
        return 1 if failed else 0
