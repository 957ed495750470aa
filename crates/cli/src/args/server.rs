//! `serve`, `worker`, `workspace`, `member` and `token`.

use std::net::SocketAddr;

use clap::{Args, Subcommand};
use convoke_app::people::id::TokenId;
use convoke_app::permissions::Scope;
use convoke_app::store::memberships::Role;

/// What `serve` takes.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Address and port to listen on; with port 0 the system chooses one [env: CONVOKE_LISTEN] [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// How others reach the server: what links begin with [env: CONVOKE_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A proxy stands before the server and names the client in X-Forwarded-For [env: CONVOKE_BEHIND_PROXY]
    #[arg(long)]
    behind_proxy: bool,
    #[command(flatten)]
    workers: WorkersArg,
}

/// What `worker` takes.
#[derive(Args, Debug)]
pub(crate) struct WorkerArgs {
    /// Address and port where /health, /ready and /metrics are answered [default: nowhere]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    #[command(flatten)]
    workers: WorkersArg,
}

#[derive(Args, Debug)]
struct WorkersArg {
    /// Imports run at once [env: CONVOKE_WORKERS] [default: 1 on SQLite; on PostgreSQL the processors, up to 4]
    #[arg(long, value_name = "N")]
    workers: Option<u32>,
}

impl WorkersArg {
    fn flag(&self) -> (&'static str, Option<String>) {
        ("workers", self.workers.map(|workers| workers.to_string()))
    }
}

impl ServeArgs {
    /// What was typed, by the keys of settings.
    pub(crate) fn flags(&self) -> Vec<(&'static str, Option<String>)> {
        let listen = ("listen", self.listen.map(|address| address.to_string()));
        let behind_proxy = ("behind_proxy", self.behind_proxy.then(|| "true".to_owned()));
        vec![listen, ("public_url", self.public_url.clone()), behind_proxy, self.workers.flag()]
    }
}

impl WorkerArgs {
    /// The same; its address is not the server's.
    pub(crate) fn flags(&self) -> Vec<(&'static str, Option<String>)> {
        vec![self.workers.flag()]
    }
}

/// What can be done with workspaces.
#[derive(Debug, Subcommand)]
pub(crate) enum WorkspaceCommand {
    /// All workspaces
    List,
    /// What is set for the workspace
    Show,
    /// Change what is set for the workspace
    Change {
        /// What it is called from now on
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// How long files of imports are kept, from the upload on: days, or forever
        #[arg(long, value_name = "DAYS|forever", value_parser = kept)]
        keep_files: Option<Kept>,
        /// In whose name it writes: e-mail address or mem_...
        #[arg(long, value_name = "MEMBER")]
        default_sender: Option<String>,
    },
}

/// How long files are kept: None is for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept(pub(crate) Option<u32>);

fn kept(text: &str) -> Result<Kept, String> {
    if text == "forever" {
        return Ok(Kept(None));
    }
    text.parse().map(|days| Kept(Some(days))).map_err(|_| "it is a number of days, or forever".to_owned())
}

/// What can be done with members.
#[derive(Debug, Subcommand)]
pub(crate) enum MemberCommand {
    /// Add a member: prints a link that is good once, or takes the password
    Add {
        /// The e-mail address to sign in with
        email: String,
        /// viewer, manager, admin or owner
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Role,
        /// What the history calls the member; with --password-stdin
        #[arg(long, requires = "password_stdin")]
        name: Option<String>,
        /// Read the password from standard input instead of printing a link
        #[arg(long)]
        password_stdin: bool,
        /// What the link begins with [env: CONVOKE_PUBLIC_URL] [default: http://127.0.0.1:8787]
        #[arg(long, value_name = "URL")]
        public_url: Option<String>,
    },
    /// All members of the workspace
    List,
    /// Let a member leave; what hangs on it goes to the heir
    Remove {
        /// E-mail address or mem_...
        member: String,
        /// E-mail address or mem_... of another member
        #[arg(long, value_name = "MEMBER")]
        heir: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("it is one of {}", Role::ALL.map(Role::key).join(", ")))
}

/// What can be done with API tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token; it is shown once
    Create {
        /// What it is for, as the history names it
        name: String,
        /// What it may do: read, import, export, organise, fields, audit (repeatable) [default: the first three]
        #[arg(long, value_name = "SCOPE", value_parser = scope)]
        scope: Vec<Scope>,
        /// Days until it ends [default: never]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
        expires: Option<u32>,
    },
    /// All tokens, without their secrets
    List,
    /// Let nobody use a token any more
    Revoke {
        /// tok_...
        id: TokenId,
    },
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| format!("it is one of {}", Scope::ALL.map(Scope::key).join(", ")))
}
