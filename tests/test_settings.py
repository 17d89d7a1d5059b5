"""Settings: the file, the environment that wins, and every mistake named at once."""

import pytest

from triage.domain.errors import InputError
from triage.settings import Settings


def loaded(tmp_path, text="", environment=None):
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return Settings.load(tmp_path, environment or {})


def test_without_any_file_everything_lies_in_the_instance_and_mail_is_off(tmp_path):
    settings = Settings.load(tmp_path, {})

    assert settings == Settings(tmp_path, tmp_path / "triage.db")
    assert not settings.mail.on


def test_a_file_sets_what_it_names_and_the_environment_wins(tmp_path):
    text = 'base_url = "https://a"\n[mail]\nhost = "mail"\nsender = "t@x.test"\nport = 2525\n'

    settings = loaded(tmp_path, text, {"TRIAGE_BASE_URL": "https://b", "TRIAGE_MAIL_PORT": "25"})

    assert (settings.base_url, settings.mail.host, settings.mail.port) == ("https://b", "mail", 25)
    assert settings.mail.on


def test_addresses_stand_by_role_alone_or_in_a_list(tmp_path):
    text = '[mail.to]\ncustody_hcp = "a@x.test"\nliaison_nurse = ["b@x.test", "c@x.test"]\n'

    assert loaded(tmp_path, text).mail.to == {
        "custody_hcp": ("a@x.test",),
        "liaison_nurse": ("b@x.test", "c@x.test"),
    }


def test_every_mistake_is_named_at_once(tmp_path):
    text = (
        'database = 3\nsuite = "x"\ntraining = "maybe"\npass_every_seconds = 0\n'
        '[mail]\nport = 70000\nsecurity = "magic"\ntimeout_seconds = 60\n'
        '[mail.to]\nking = "a@x.test"\ncustody_hcp = "not an address"\n'
    )

    with pytest.raises(InputError) as wrong:
        loaded(tmp_path, text)

    assert {problem.field for problem in wrong.value.problems} == {
        "database", "suite", "training", "pass_every_seconds", "mail_port", "mail_security",
        "mail_timeout_seconds", "mail.to.king", "mail.to.custody_hcp",
    }  # fmt: skip


def test_an_address_cannot_smuggle_a_header_into_a_letter(tmp_path):
    with pytest.raises(InputError):
        loaded(tmp_path, '[mail.to]\ncustody_hcp = "a@x.test\\nBcc: b@x.test"\n')


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    with pytest.raises(InputError, match="TOML"):
        loaded(tmp_path, "this is not toml")


def test_a_word_for_a_number_in_the_environment_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match="pass_every_seconds"):
        loaded(tmp_path, "", {"TRIAGE_PASS_EVERY_SECONDS": "soon"})


def test_the_password_does_not_show(tmp_path):
    settings = loaded(tmp_path, '[mail]\npassword = "hunter2"\n')

    assert settings.mail.password == "hunter2"
    assert "hunter2" not in repr(settings)


def test_what_always_goes_out_is_off_until_it_has_a_secret_that_nobody_guesses(tmp_path):
    text = '[watchdog]\nsecret = "{}"\nmail = "w@x.test"\nurl = "{}"\nevery_seconds = {}\n'

    told = loaded(tmp_path, text.format("sixteen letters!", "https://w.test", 30)).watchdog
    with pytest.raises(InputError) as wrong:
        loaded(tmp_path, text.format("short", "http://w.test", 0))

    assert (told.on, told.mail, told.every_seconds) == (True, "w@x.test", 30)
    assert "sixteen" not in repr(told)
    assert not loaded(tmp_path, '[watchdog]\nmail = "w@x.test"\n').watchdog.on
    assert {problem.field for problem in wrong.value.problems} == {
        "watchdog_secret", "watchdog_url", "watchdog_every_seconds",
    }  # fmt: skip
