//! Settings of the profile.

use super::args::Settings;
use super::end::{End, unexpected};
use super::out::Out;
use super::session::Session;
use pod_client::command::{Answer, Command};
use serde_json::json;

/// Shows or changes one.
pub(crate) async fn run(session: &mut Session, out: &Out, verb: Settings) -> Result<(), End> {
    match verb {
        Settings::Get { key } => {
            let command = Command::SettingGet { key: key.clone() };
            let Answer::Text(value) = session.run(command).await? else { return Err(unexpected()) };
            let shown = value.clone().unwrap_or_else(|| "(default)".to_owned());
            out.say(&json!({"id": key, "value": value}), || shown);
        }
        Settings::Set { key, value } => {
            session.run(Command::SettingSet { key: key.clone(), value: value.clone() }).await?;
            out.say(&json!({"id": key, "value": value}), || "Kept.".to_owned());
        }
    }
    Ok(())
}
