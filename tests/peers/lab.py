"""A server of ours on free ports of this machine, and programs of others that talk to it."""
import contextlib
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent
FT = ';+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session";+g.3gpp.iari-ref="urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ft"'
CHAT = FT.replace("rcse.ft", "rcse.im")


class Failed(Exception):
    pass


def free_port():
    """A port that was free for UDP and TCP a moment ago."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            with contextlib.suppress(OSError):
                udp.bind(("127.0.0.1", port))
                return port


def wait_for_port(port, program, seconds=20):
    """Until `program` listens there for TCP."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if time.monotonic() > end or program.process.poll() is not None:
            raise Failed(f"{program.name} does not listen on {port}:\n" + "\n".join(program.lines[-40:]))
        time.sleep(0.02)


class Program:
    """A child process whose output is kept, and which does not outlive the test."""

    def __init__(self, name, *command, cwd=None, input=False):
        self.name, self.lines = name, []
        self.process = subprocess.Popen([str(word) for word in command], cwd=cwd, text=True, errors="replace",
                                        stdin=subprocess.PIPE if input else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def say(self, line):
        """Types a line; of those that were started with `input`."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def said(self, pattern):
        return any(re.search(pattern, line) for line in self.lines)

    def wait_for(self, pattern, seconds=20, count=1):
        """The first line that matches, or the one after so many, waiting for it."""
        end, seen = time.monotonic() + seconds, 0
        while True:
            for line in self.lines[seen:]:
                seen += 1
                found = re.search(pattern, line)
                count -= found is not None
                if found and count == 0:
                    return found
            if time.monotonic() > end or (self.process.poll() is not None and not self.reader.is_alive()):
                raise Failed(f"{self.name} never said {pattern!r}:\n" + "\n".join(self.lines[-40:]))
            time.sleep(0.02)

    def finish(self, seconds=60, expected=0):
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
            raise Failed(f"{self.name} did not end in {seconds} s:\n" + "\n".join(self.lines[-40:]))
        self.reader.join(5)
        if code != expected:
            raise Failed(f"{self.name} ended with {code}:\n" + "\n".join(self.lines[-60:]))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Lab:
    """convened with a registrar for ims.example, as one context."""

    def __init__(self, programs, settings="", sip="", listen=""):
        self.programs, self.settings, self.sip, self.listen, self.children = pathlib.Path(programs).resolve(), settings, sip, listen, []

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="convene-"))
        registrar = self.settings if "[registrar]" in self.settings else "[registrar]\nenabled = true\nopen = true\n" + self.settings
        (self.folder / "convened.toml").write_text(
            '[listen]\nudp = ["127.0.0.1:0"]\ntcp = ["127.0.0.1:0"]\nmsrp = "127.0.0.1:0"\n'
            'participating_msrp = "127.0.0.1:0"\n'
            f'{self.listen}'
            f'[sip]\ndomain = "ims.example"\n{self.sip}'
            '[group]\nmin_members = 1\nmin_joined = 1\n'
            f'[state]\ndirectory = "{self.folder}/state"\n'
            f'[trace]\nfile = "{self.folder}/trace.txt"\n' + registrar)
        self.server = self.start("convened", self.programs / "convened", "serve", "--config", self.folder / "convened.toml")
        ready = self.server.wait_for(r"^ready .*udp=(\S+):(\d+) .*msrp=\S+:(\d+)")
        tcp = self.server.wait_for(r"^ready .*tcp=(\S+):(\d+)")
        self.host, self.udp, self.tcp = ready[1], int(ready[2]), int(tcp[2])
        return self

    def __exit__(self, kind, error, trace):
        for child in reversed(self.children):
            child.stop()
        if kind is not None:
            print("---- convened said:\n" + "\n".join(self.server.lines[-80:]), file=sys.stderr)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name, *command, input=False):
        self.children.append(Program(name, *command, cwd=self.folder, input=input))
        return self.children[-1]

    def kamailio(self, name, port, **values):
        """Kamailio with kamailio/<name>.cfg, its @...@ replaced by `values`, once it listens on `port`."""
        config = (HERE / "kamailio" / f"{name}.cfg").read_text()
        for key, value in values.items():
            config = config.replace(f"@{key}@", str(value))
        return self.start_kamailio(name, port, config)

    def example_kamailio(self, name, port, **values):
        """Kamailio with examples/kamailio/<name>.cfg, whose #!substdef get these values."""
        config = (HERE.parent.parent / "examples" / "kamailio" / f"{name}.cfg").read_text()
        for key, value in values.items():
            config, count = re.subn(rf'(?m)^#!substdef "!{key}!.*!g"$', f'#!substdef "!{key}!{value}!g"', config)
            assert count == 1, key
        return self.start_kamailio(name, port, config)

    def start_kamailio(self, name, port, config):
        (self.folder / f"{name}.cfg").write_text(config)
        program = self.start("kamailio", "kamailio", "-DD", "-E", "-m", "256", "-M", "8", "-f", self.folder / f"{name}.cfg", "-Y", self.folder)
        wait_for_port(port, program)
        return program

    def sipp(self, scenario, user, *options, transport="udp", port=None, calls=1, seconds=40):
        """SIPp with one of our scenarios, on its own port, speaking to the server."""
        option = {"udp": "u1", "tcp": "t1"}[transport]
        server = f"{self.host}:{self.udp if transport == 'udp' else self.tcp}"
        return self.start(f"sipp {scenario} {user}", "sipp", server, "-sf", HERE / "sipp" / f"{scenario}.xml", "-t", option, "-i", "127.0.0.1",
                          "-p", port or free_port(), "-s", user, "-m", calls, "-nostdin", "-timeout", f"{seconds}s", "-timeout_error", "-trace_err",
                          "-key", "domain", "ims.example", *options)


def run(tests, programs):
    """Runs functions that take the folder of our programs; says which failed."""
    failed = 0
    for test in tests:
        begin = time.monotonic()
        try:
            test(programs)
            print(f"ok      {test.__doc__} ({time.monotonic() - begin:.1f} s)", flush=True)
        except Failed as error:
            failed += 1
            print(f"FAILED  {test.__doc__}\n{error}", flush=True)
    return 1 if failed else 0
