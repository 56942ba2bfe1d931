"""What PostgreSQL alone reaches with the same ballots: an insert, or a change, and a counter, in one transaction.

`pgbench` comes with the embedded PostgreSQL. Its clients' own processor time is not counted, as wrk's is not.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from bench.drive import CONNECTIONS, THREADS, Run
from bench.house import USED, House
from mygov.launch.postgres import binary

TABLES = """
CREATE TABLE bench_ballot (poll int, person int, choice text, at timestamptz DEFAULT now(), PRIMARY KEY (poll, person));
CREATE TABLE bench_count (poll int PRIMARY KEY, n int NOT NULL);
INSERT INTO bench_count SELECT n, 0 FROM generate_series(1, 1000) n
"""
SCRIPT = """
\\set poll random(1, {polls})
\\set person random(1, 1000)
\\set choice random(1, 5)
BEGIN;
INSERT INTO bench_ballot (poll, person, choice) VALUES (:poll, :person, :choice)
  ON CONFLICT (poll, person) DO UPDATE SET choice = EXCLUDED.choice, at = now();
UPDATE bench_count SET n = n + 1 WHERE poll = :poll;
COMMIT;
"""


def prepare(house: House) -> None:
    if not house.count("SELECT count(*) FROM pg_class WHERE relname = 'bench_ballot'"):
        for statement in TABLES.split(";\n"):
            house.ask(statement, database=USED)


@dataclass
class Pgbench:
    """A side of a workload, driven like an address: `polls` is among how many the ballots are spread."""

    house: House
    polls: int
    asked: int = 0

    @property
    def port(self) -> int:
        """Stands for PostgreSQL: the server of the limits does nothing meanwhile."""
        return self.house.limits

    def drive(self, seconds: int) -> Run:
        """Raises RuntimeError when pgbench fails."""
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "ballot.sql"
            script.write_text(SCRIPT.format(polls=self.polls))
            line = [
                binary("pgbench"), "--no-vacuum", "--protocol", "prepared", "--client", str(CONNECTIONS),
                "--jobs", str(THREADS), "--time", str(seconds), "--log", "--file", str(script), self.house.url(USED),
            ]  # fmt: skip
            done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
            # One line a transaction; the third number is how long it took, in microseconds.
            times = [int(row.split()[2]) / 1000 for log in Path(folder).glob("pgbench_log*") for row in log.open()]
        twentieths = quantiles(times, n=20)
        self.asked += len(times)
        rate = float(re.search(r"tps = ([0-9.]+) \(without", done.stdout)[1])  # type: ignore[index]
        return Run(len(times), len(times) / rate, 0, twentieths[9], twentieths[18], errors=0)
