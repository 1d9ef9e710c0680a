"""The ways out against real servers on loopback: login, encryption, gateways; and secrets that never show."""

from __future__ import annotations

import json
import ssl
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ocop_flow.errors import OcopFlowError, Unavailable, Undelivered
from ocop_flow.i18n import render
from ocop_flow.notify import channels
from ocop_flow.notify.gateway import Gateway
from ocop_flow.notify.smtp import Smtp
from ocop_flow.ports import Mail
from tests.cli.office import ocop
from tests.integration.mailserver import Server, free_port, serving
from tests.integration.reminding import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.office import Office

#: Apprise loads a module of the standard library that ends with Python 3.13.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
USER, PASSWORD, TOKEN = "ocop@example.vn", "Mật-khẩu-7391", "token-82640"
MAIL = Mail(
    "<m1@example.vn>",
    "u33@example.vn",
    b"From: ocop@example.vn\r\nTo: u33@example.vn\r\nMessage-ID: <m1@example.vn>\r\nSubject: Duties\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nTwo duties.\r\n",
)


class CountingServer(Server):
    """Counts connections, for a batch needs one."""

    def __init__(self) -> None:
        super().__init__()
        self.connections: set[int] = set()

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections.add(session.peer[1])
        session.host_name = hostname
        return responses


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-made certificate of 127.0.0.1, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def guarded(server: Server, certificate: Path, tls: str) -> Iterator[str]:
    """The setting of a server that asks for a login, and for encryption before it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        known = data.login == USER.encode() and data.password == PASSWORD.encode()
        return AuthResult(success=known, handled=False, message=None if known else f"535 no: {data.password.decode()}")

    options: dict[str, Any] = {"authenticator": login, "auth_required": True}
    if tls == "tls":
        # aiosmtpd cannot see that the socket below it is encrypted.
        options |= {"ssl_context": context, "auth_require_tls": False}
    else:
        options |= {"tls_context": context, "require_starttls": True}
    with serving(server, **options) as plain:
        address = plain.partition("@")[2].partition("?")[0]
        yield f"smtp://ocop%40example.vn@{address}?tls={tls}"


def opened(setting: str, password: str | None = PASSWORD, timeout: float = 5.0) -> Smtp:
    channel, _ = channels.smtp(setting, password)
    return Smtp(replace(channel._account, timeout=timeout))


def refused(error: OcopFlowError) -> str:
    """The code, after a look at the words: a sentence, a next step, no secret."""
    (found,) = error.reasons
    for language in ("vi", "en"):
        words = " ".join(render(found, language))
        assert PASSWORD not in words
        assert TOKEN not in words
        assert "{" not in words
    return found.code


# --- login and encryption ---------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_batch_goes_encrypted_and_logged_in_over_one_connection(certificate: Path, tls: str) -> None:
    server = CountingServer()
    with guarded(server, certificate, tls) as setting, opened(f"{setting}&ca={certificate}") as channel:
        for number in range(3):
            channel.send(MAIL._replace(address=f"u{number}@example.vn"))
    assert len(server.taken) == 3
    assert len(server.connections) == 1


def test_a_wrong_password_is_told_and_not_shown(certificate: Path) -> None:
    """A server may quote what it was told: the words never do."""
    server = Server()
    with guarded(server, certificate, "starttls") as setting, pytest.raises(Unavailable) as told:
        opened(f"{setting}&ca={certificate}", PASSWORD + "x").__enter__()
    assert refused(told.value) == "mail_login_refused"
    assert told.value.exit_code == 6
    assert server.taken == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_of_an_unknown_authority_gets_no_password(certificate: Path, tls: str) -> None:
    with guarded(Server(), certificate, tls) as setting, pytest.raises(Unavailable) as told:
        opened(setting).__enter__()
    assert refused(told.value) == "mail_certificate_unverified"


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_server_without_encryption_gets_no_password(tls: str) -> None:
    with serving(Server()) as setting, pytest.raises(Unavailable) as told:
        opened(setting.replace("tls=none", f"tls={tls}")).__enter__()
    assert refused(told.value) == "mail_encryption_differs"


def test_an_authority_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with serving(Server()) as setting, pytest.raises(Unavailable) as told:
        opened(f"{setting.replace('none', 'starttls')}&ca={tmp_path / 'none.pem'}").__enter__()
    assert refused(told.value) == "mail_authority_unreadable"


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("smtp://ocop@mail.example.vn?tls=none", "mail_password_in_clear"),
        ("smtp://mail.example.vn?tls=tls", "mail_user_missing"),
    ],
)
def test_a_password_that_would_go_in_clear_or_to_nobody_is_refused(setting: str, code: str) -> None:
    with pytest.raises(Unavailable) as told:
        channels.smtp(setting, PASSWORD)
    assert refused(told.value) == code


@pytest.mark.parametrize("sender", ["OCOP <a@example.vn>", "nobody", "văn-thư@example.vn", "a@b.vn%0d%0aBcc: c@d.vn"])
def test_a_sender_that_is_no_address_is_refused_before_anything_is_sent(sender: str, tmp_path: Path) -> None:
    for setting in (f"smtp://mail.example.vn?tls=tls&from={sender}", f"apprise:{sender}"):
        with pytest.raises(Unavailable) as told:
            channels.from_environment({"OCOP_MAIL": setting, "OCOP_APPRISE": "json://localhost"}, tmp_path)
        assert refused(told.value) == "mail_sender_unreadable"


def test_a_server_that_closes_after_421_gets_the_next_message_over_a_new_connection() -> None:
    """RFC 5321 section 3.8: 421 ends the session; only the message that met it waits."""
    server = Server("421 going down")
    with serving(server) as setting, opened(setting, None) as channel:
        with pytest.raises(Undelivered) as told:
            channel.send(MAIL)
        assert not told.value.permanent
        channel.send(MAIL)
    assert len(server.taken) == 1


# --- secrets ----------------------------------------------------------------------------------------------------------


def test_a_secret_is_read_from_a_file_of_ones_own_alone(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n", encoding="utf-8")
    environment = {"OCOP_MAIL": "smtp://ocop@mail.example.vn", "OCOP_MAIL_PASSWORD_FILE": str(file)}
    file.chmod(0o600)
    channel, _ = channels.from_environment(environment, tmp_path)
    assert isinstance(channel, Smtp)
    assert channel._account.password == PASSWORD
    assert PASSWORD not in repr(channel._account)
    for mode in (0o640, 0o604, 0o666):
        file.chmod(mode)
        with pytest.raises(Unavailable) as told:
            channels.from_environment(environment, tmp_path)
        assert refused(told.value) == "secret_open_to_others"


def test_a_secret_that_is_absent_empty_or_there_twice_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch(mode=0o600)
    for file in (empty, tmp_path / "none"):
        with pytest.raises(Unavailable) as told:
            channels.from_environment({"OCOP_MAIL": "apprise", "OCOP_APPRISE_FILE": str(file)}, tmp_path)
        assert refused(told.value) == "secret_unreadable"
    both = {"OCOP_MAIL": "apprise", "OCOP_APPRISE": TOKEN, "OCOP_APPRISE_FILE": str(empty)}
    with pytest.raises(Unavailable) as twice:
        channels.from_environment(both, tmp_path)
    assert refused(twice.value) == "secret_twice"


def test_no_secret_reaches_the_database_a_message_or_the_screen(
    office: Office, certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every way to fail with a secret in hand, then a look at every byte that was written."""
    world = World.over(office.db)
    world.mailbox("33", "u33@example.vn")
    world.duty(1, date(2026, 6, 2), unit="33", unit_name=None)
    said = ""
    with guarded(Server(), certificate, "starttls") as setting, hooking(status=500) as (hook, _):
        wrong = {"OCOP_MAIL_PASSWORD": PASSWORD + "x"}
        for settings in (
            {"OCOP_MAIL": f"{setting}&ca={certificate}", **wrong},
            {"OCOP_MAIL": setting, **wrong},
            {"OCOP_MAIL": f"smtp://ocop@127.0.0.1:{free_port()}?tls=none", **wrong},
            {"OCOP_MAIL": "apprise", "OCOP_APPRISE": f"{hook}?token={TOKEN}", "OCOP_MAIL_PASSWORD": PASSWORD},
        ):
            with monkeypatch.context() as patched:
                for name, value in settings.items():
                    patched.setenv(name, value)
                answer = office.ask("scheduler", "run", "--once")
            said += answer.out + answer.err
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    said += str(world.rows())
    assert "gateway_refused" in said
    for secret in (PASSWORD, TOKEN):
        assert secret not in said
        assert secret.encode() not in written


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ocop:{}@127.0.0.1:{port}/ocop",
        "postgresql+psycopg://ocop:{}@127.0.0.1:{port}/ocop",
        "postgresql+psycopg://127.0.0.1:{port}/ocop?user=ocop&password={}",
        "postgresql://ocop:{}@127.0.0.1:noport/ocop",
        "nothing://ocop:{}@127.0.0.1/ocop",
    ],
)
def test_the_password_of_a_database_is_never_shown(url: str) -> None:
    answer = ocop("dossier", "list", "--db", url.format(TOKEN, port=free_port()), "--json")
    assert answer.exit == 6
    assert TOKEN not in answer.out + answer.err


# --- gateways ---------------------------------------------------------------------------------------------------------


@contextmanager
def hooking(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The Apprise address of a webhook, and what it was given; keys of headers in lower case."""
    taken: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append({**body, **{name.lower(): value for name, value in self.headers.items()}})
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"json://127.0.0.1:{server.server_address[1]}/hook", taken
        finally:
            server.shutdown()
            thread.join()


def test_a_gateway_gets_subject_text_address_and_message_id(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of a gateway is data: what it names of the message is filled in."""
    world = World.over(office.db)
    world.mailbox("33", "u33+ocop@example.vn")
    world.duty(1, date(2026, 6, 2), unit="33", unit_name=None)
    with hooking() as (hook, taken):
        monkeypatch.setenv("OCOP_MAIL", "apprise:ocop@example.vn")
        monkeypatch.setenv("OCOP_APPRISE", f"# the province's group\n{hook}?+X-To={{address}}&:ref={{message_id}}\n")
        assert office.do("scheduler", "run", "--once")["deliver"]["sent"] == 1
    (given,) = taken
    (row,) = world.rows()
    assert given["x-to"] == "u33+ocop@example.vn"
    assert f"<{given['ref']}>" == row["message_id"]
    assert given["title"].startswith("[OCOP] ")
    assert "2026-06-02" in given["message"]
    assert row["status"] == "sent"


def test_a_gateway_that_refuses_is_told_by_its_place_and_answer() -> None:
    with (
        hooking(status=503) as (hook, _),
        Gateway([f"{hook}/{TOKEN}"]) as channel,
        pytest.raises(Undelivered) as told,
    ):
        channel.send(MAIL)
    assert refused(told.value) == "gateway_refused"
    assert "503" in str(told.value)
    assert not told.value.permanent


def test_a_missing_extra_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(Unavailable) as told:
        Gateway(["json://localhost"]).__enter__()
    assert refused(told.value) == "channels_extra_missing"
    assert "ocop_flow[channels]" in " ".join(render(told.value.reasons[0], "en"))


def test_addresses_that_are_missing_or_unknown_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as none:
        channels.from_environment({"OCOP_MAIL": "apprise", "OCOP_APPRISE": "# nothing yet"}, tmp_path)
    assert refused(none.value) == "gateway_addresses_missing"
    with pytest.raises(Unavailable) as unknown:
        Gateway(["json://localhost", f"nowhere://{TOKEN}"]).__enter__()
    assert refused(unknown.value) == "gateway_unreadable"
