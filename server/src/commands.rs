//! The subcommands. All run beside a server on the same data folder; each opens the databases by itself.

use crate::about::About;
use crate::access::Access;
use crate::app::{self, Place};
use crate::auth::Auth;
use crate::config::{self, Command, Config, Settings, UserCommand};
use crate::content::check::Depth;
use crate::store::sqlite::auth::FILE as AUTH_FILE;
use crate::store::sqlite::content::FILE as CONTENT_FILE;
use anyhow::{Context, bail};
use pod_shared::auth::InviteRequest;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

mod backup;
mod check;
#[cfg(test)]
mod tests;

pub use backup::backup;
pub use check::check;

/// Does what was asked instead of serving.
///
/// # Errors
/// A sentence about what is in the way.
pub async fn run(command: Command, settings: Settings) -> anyhow::Result<ExitCode> {
    let data = config::data_folder(settings.data.clone())?;
    match command {
        Command::Invite { uses, days } => invite(settings, &InviteRequest { uses, days }).await?,
        Command::User { command } => user(&data, command).await?,
        Command::Check { quick } => {
            let depth = if quick { Depth::Sizes } else { Depth::Digests };
            let violations = check(&data, depth).await?;
            for violation in &violations {
                say(violation)?;
            }
            return Ok(if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        // Done before anything is opened.
        Command::ReadPdf => {}
        Command::Backup { file } => {
            let written = tokio::task::spawn_blocking(move || backup(&data, &file)).await??;
            say(&serde_json::to_string(&written)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn invite(settings: Settings, ask: &InviteRequest) -> anyhow::Result<()> {
    let config = Config::resolve(settings)?;
    app::make_folder(&config.data)?;
    if config.data.join(CONTENT_FILE).exists() && !config.data.join(AUTH_FILE).exists() {
        bail!("accounts are with the messenger: give its data folder");
    }
    let place = match Place::kept(&config.data) {
        Some(place) => place,
        None => Place::of(&config, config.listen, app::identity(&config)?.as_ref()),
    };
    let invited = open(&config.data).await?.invite(ask, None).await?;
    say(&serde_json::to_string(&place.invite(&invited)?)?)
}

async fn user(data: &Path, command: UserCommand) -> anyhow::Result<()> {
    if !data.join(AUTH_FILE).exists() {
        bail!("there are no accounts in {}", data.display());
    }
    let auth = open(data).await?;
    match command {
        UserCommand::List => {
            for line in auth.accounts().await? {
                let account = line.account;
                say(&serde_json::to_string(&serde_json::json!({
                    "name": account.name,
                    "display_name": account.display_name,
                    "id": account.id,
                    "is_admin": account.is_admin,
                    "is_disabled": account.is_disabled,
                    "devices": line.devices,
                }))?)?;
            }
        }
        UserCommand::Disable { name } => auth.disable(&name).await?,
        UserCommand::Enable { name } => auth.enable(&name).await?,
        UserCommand::ResetPassword { name } => {
            let password = auth.reset_password(&name).await?;
            say(&serde_json::to_string(&serde_json::json!({ "name": name, "password": password }))?)?;
        }
    }
    Ok(())
}

async fn open(data: &Path) -> anyhow::Result<Auth> {
    Auth::open(data, Access::local(), About::new("")).await.context("auth.db cannot be opened")
}

/// One line on standard output, where programs read.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
