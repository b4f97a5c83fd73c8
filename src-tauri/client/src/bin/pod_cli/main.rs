//! `pod-cli`: the whole pod without a window, for terminals, scripts and tests.
//!
//! It uses the engine that runs on the profile, or is the engine itself for as long as the command takes. With `--json`
//! every result is one object a line with its own id as `id`, errors included. It ends with 0 (done), 1 (refused),
//! 2 (wrong usage, or a name that fits several things), 3 (the server was not reachable; the work stays queued).

mod account;
mod activity;
mod args;
mod chat;
mod contacts;
mod edits;
mod end;
mod files;
mod find;
mod human;
mod linked;
mod offers;
mod out;
mod people;
mod permissions;
mod remarks;
mod rooms;
mod search;
mod session;
mod settings;
mod transfers;
mod trash;
mod versions;
mod watch;

use args::{Args, Verb};
use clap::Parser;
use end::End;
use out::Out;
use pod_client::{SecretsKind, StartOptions};
use session::Session;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let args = Args::parse();
    let out = Out::new(if args.json { out::Form::Json } else { out::Form::Human });
    // A command that ends lets go of its way to others without a goodbye; that is nothing to complain of.
    let filter = tracing_subscriber::EnvFilter::try_from_env("POD_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,iroh=off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return out.end(Err(error.into())),
    };
    let code = out.end(runtime.block_on(run(args, &out)));
    // What the engine promised is on the disk; nobody waits for a connection to say goodbye for long.
    runtime.shutdown_timeout(Duration::from_secs(2));
    code
}

async fn run(args: Args, out: &Out) -> Result<(), End> {
    let secrets: SecretsKind = args.secrets.into();
    let options = StartOptions { secrets, ..StartOptions::new(args.profile) };
    let mut session = Session::reach(options, Duration::from_secs(args.wait)).await?;
    match args.verb {
        Verb::SignUp(sign) => account::sign_up(&mut session, out, sign).await,
        Verb::SignIn(sign) => account::sign_in(&mut session, out, sign).await,
        Verb::SignOut => account::sign_out(&mut session, out).await,
        Verb::Status => account::status(&mut session, out).await,
        Verb::Token { audience } => account::token(&mut session, out, audience).await,
        Verb::Sessions { verb } => account::sessions(&mut session, out, verb).await,
        Verb::Invite { uses, days } => account::invite(&mut session, out, uses, days).await,
        Verb::People { verb: args::People::Search { text } } => {
            account::people(&mut session, out, text).await
        }
        Verb::People { verb: args::People::Concerning { person, limit } } => {
            activity::concerning(&mut session, out, &person, limit).await
        }
        Verb::Profile { verb } => people::profile(&mut session, out, verb).await,
        Verb::Presence { verb } => people::presence(&mut session, out, verb).await,
        Verb::Contacts { verb } => {
            contacts::run(&mut session, out, verb.unwrap_or(args::contacts::Contacts::List)).await
        }
        Verb::Rooms { verb } => rooms::run(&mut session, out, verb.unwrap_or(args::Rooms::List)).await,
        Verb::Send { room, text } => chat::send(&mut session, out, &room, text).await,
        Verb::Log { room, limit } => chat::log(&mut session, out, &room, limit).await,
        Verb::Watch => watch::run(&mut session, out).await,
        Verb::Files { room, verb } => files::run(&mut session, out, &room, verb).await,
        Verb::Folder { verb } => linked::run(&mut session, out, verb).await,
        Verb::Offer(asked) => offers::offer(&mut session, out, asked).await,
        Verb::Offers => offers::list(&mut session, out).await,
        Verb::Accept(asked) => offers::accept(&mut session, out, asked).await,
        Verb::Decline { offer } => offers::decline(&mut session, out, &offer).await,
        Verb::Transfers { verb } => {
            transfers::run(&mut session, out, verb.unwrap_or(args::Transfers::List)).await
        }
        Verb::Settings { verb } => settings::run(&mut session, out, verb).await,
    }
}
