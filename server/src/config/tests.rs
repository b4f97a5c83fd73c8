//! Settings: where they come from, and what is refused.

use super::{Cli, Config, Proofs, Proxy, Quotas, RelayMode, RelaySwitch, Roles, Settings, Tls, TlsMode};
use clap::Parser;
use pod_shared::limits::{FORWARD_DAYS_MAX, TRASH_DAYS_MAX};
use std::path::{Path, PathBuf};

fn settings() -> Settings {
    Settings { data: Some("/data".into()), ..Settings::default() }
}

fn refused(settings: Settings) -> String {
    Config::resolve(settings).unwrap_err().to_string()
}

#[test]
fn without_settings_everything_is_served_on_this_computer() {
    let config = Config::resolve(settings()).unwrap();
    assert_eq!(config.listen, "127.0.0.1:7600".parse().unwrap());
    assert_eq!((config.roles, config.tls, config.proxy), (Roles::All, Tls::Plain, Proxy::None));
}

#[test]
fn the_data_folder_stands_before_or_after_a_subcommand() {
    for args in [["pod-server", "--data", "/d", "check"], ["pod-server", "check", "--data", "/d"]] {
        assert_eq!(Cli::parse_from(args).settings.data.as_deref(), Some(Path::new("/d")));
    }
}

#[test]
fn a_flag_wins_over_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("pod.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:1\"\nname = \"Office\"\nbehind-proxy = true\n").unwrap();
    let config = Config::resolve(Settings {
        config: Some(file.clone()),
        listen: Some("127.0.0.1:2".into()),
        ..settings()
    })
    .unwrap();
    assert_eq!((config.listen.port(), config.name.as_str(), config.proxy), (2, "Office", Proxy::Trusted));
    std::fs::write(&file, "lisen = \"127.0.0.1:1\"\n").unwrap();
    assert!(refused(Settings { config: Some(file), ..settings() }).contains("lisen"));
}

#[test]
fn beyond_this_computer_nothing_is_plain_unless_a_proxy_stands_before() {
    let open =
        |tls, behind_proxy| Settings { listen: Some("0.0.0.0:7600".into()), tls, behind_proxy, ..settings() };
    assert_eq!(Config::resolve(open(None, None)).unwrap().tls, Tls::SelfMade);
    assert_eq!(Config::resolve(open(None, Some(true))).unwrap().tls, Tls::Plain);
    assert_eq!(Config::resolve(open(Some(TlsMode::Off), Some(true))).unwrap().tls, Tls::Plain);
    assert!(refused(open(Some(TlsMode::Off), None)).contains("--behind-proxy"));
}

#[test]
fn what_cannot_work_is_refused_with_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let short = dir.path().join("short");
    std::fs::write(&short, "tooshort").unwrap();
    let role = |role: &str, secret: Option<PathBuf>| Settings {
        role: Some(role.into()),
        interlock_secret_file: secret,
        ..settings()
    };
    assert!(refused(role("messenger", None)).contains("--role"));
    assert!(refused(role("content", None)).contains("--interlock-secret-file"));
    assert!(refused(role("content", Some(short))).contains("32"));
    assert!(refused(Settings { listen: Some("here".into()), ..settings() }).contains("ADDRESS:PORT"));
    assert!(refused(Settings { public_url: Some("ftp://x".into()), ..settings() }).contains("--public-url"));
    assert!(refused(Settings { tls_cert: Some("c".into()), ..settings() }).contains("--tls-key"));
    let secret = dir.path().join("secret");
    std::fs::write(&secret, "0123456789abcdef0123456789abcdef\n").unwrap();
    assert!(refused(role("content", Some(secret.clone()))).contains("--messenger"));
    assert!(Config::resolve(role("messenger,auth", Some(secret.clone()))).unwrap().other.is_some());
    assert_eq!(Config::resolve(role("content,auth,messenger", Some(secret))).unwrap().roles, Roles::All);
}

#[test]
fn instant_upload_by_proof_is_on_until_it_is_switched_off() {
    assert_eq!(Config::resolve(settings()).unwrap().policy.proofs, Proofs::On);
    let off = Cli::parse_from(["pod-server", "--data", "/d", "--instant-proof", "off"]).settings;
    assert_eq!(Config::resolve(off).unwrap().policy.proofs, Proofs::Off);
}

#[test]
fn files_for_people_who_are_away_are_kept_for_some_days() {
    let days = |days| Settings { forward_days: Some(days), ..settings() };
    assert_eq!(Config::resolve(settings()).unwrap().policy.forward_days, 30);
    assert_eq!(Config::resolve(days(FORWARD_DAYS_MAX)).unwrap().policy.forward_days, FORWARD_DAYS_MAX);
    for wrong in [0, FORWARD_DAYS_MAX + 1] {
        assert!(refused(days(wrong)).contains("--forward-days"));
    }
}

#[test]
fn the_relay_is_beside_the_server_elsewhere_or_nowhere() {
    let relay = |relay, listen: Option<&str>| Settings {
        relay,
        relay_listen: listen.map(ToOwned::to_owned),
        ..settings()
    };
    let resolved = |settings| Config::resolve(settings).unwrap().relay;
    assert_eq!(resolved(relay(None, None)), RelayMode::Auto);
    assert_eq!(resolved(relay(Some(RelaySwitch::Off), None)), RelayMode::Off);
    let at = RelayMode::At("0.0.0.0:7777".parse().unwrap());
    assert_eq!(resolved(relay(None, Some("0.0.0.0:7777"))), at);
    assert!(refused(relay(Some(RelaySwitch::Off), Some("0.0.0.0:7777"))).contains("contradict"));
    assert!(refused(relay(None, Some("7777"))).contains("--relay-listen"));
    let args = ["pod-server", "--relay", "auto", "--relay-listen", "127.0.0.1:0"];
    assert_eq!(Cli::parse_from(args).settings.relay_listen.as_deref(), Some("127.0.0.1:0"));
}

#[test]
fn what_was_deleted_can_come_back_for_some_days() {
    let days = |days| Settings { trash_days: Some(days), ..settings() };
    assert_eq!(Config::resolve(settings()).unwrap().policy.trash_days, 90);
    assert_eq!(Config::resolve(days(TRASH_DAYS_MAX)).unwrap().policy.trash_days, TRASH_DAYS_MAX);
    for wrong in [0, TRASH_DAYS_MAX + 1] {
        assert!(refused(days(wrong)).contains("--trash-days"));
    }
}

#[test]
fn quotas_are_sizes() {
    let quota = |room: Option<&str>, person: Option<&str>| Settings {
        room_quota: room.map(ToOwned::to_owned),
        person_quota: person.map(ToOwned::to_owned),
        ..settings()
    };
    assert_eq!(Config::resolve(settings()).unwrap().policy.quotas, Quotas::default());
    let set = Config::resolve(quota(Some("20G"), Some("1500"))).unwrap().policy.quotas;
    assert_eq!((set.room_bytes, set.person_bytes), (Some(20 << 30), Some(1_500)));
    for wrong in ["", "much", "-1", "1.5G", "20X", "99999999T"] {
        assert!(refused(quota(Some(wrong), None)).contains("--room-quota"));
        assert!(refused(quota(None, Some(wrong))).contains("--person-quota"));
    }
}
