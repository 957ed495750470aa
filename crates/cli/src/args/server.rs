//! `serve` and `token`.

use std::net::SocketAddr;

use clap::{Args, Subcommand};
use convoke_app::people::id::TokenId;
use convoke_app::permissions::Scope;
use convoke_app::store::memberships::Role;

/// What `serve` takes.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Address and port to listen on; with port 0 the system chooses one
    #[arg(long, env = "CONVOKE_LISTEN", hide_env_values = true, value_name = "ADDRESS")]
    #[arg(default_value = "127.0.0.1:8787")]
    pub(crate) listen: SocketAddr,
    /// How others reach the server: what links begin with; https lets cookies travel by https alone
    #[arg(long, env = "CONVOKE_PUBLIC_URL", hide_env_values = true, value_name = "URL", value_parser = public_url)]
    pub(crate) public_url: Option<String>,
    /// A proxy stands before the server and names the client in X-Forwarded-For
    #[arg(long, env = "CONVOKE_BEHIND_PROXY", hide_env_values = true)]
    pub(crate) behind_proxy: bool,
    /// The OpenID Connect provider that signs members in as well
    #[arg(long, env = "CONVOKE_OIDC_ISSUER", hide_env_values = true, value_name = "URL")]
    pub(crate) oidc_issuer: Option<String>,
    /// Convoke's name at the provider
    #[arg(long, env = "CONVOKE_OIDC_CLIENT_ID", hide_env_values = true, value_name = "ID")]
    pub(crate) oidc_client_id: Option<String>,
    /// Convoke's secret at the provider; better said by the environment, where no list of processes shows it
    #[arg(long, env = "CONVOKE_OIDC_CLIENT_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub(crate) oidc_client_secret: Option<String>,
}

/// Scheme and host, as a browser names an origin.
fn public_url(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_host =
        |host: &str| !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    match host {
        Some(host) if is_host(host) => Ok(text.to_ascii_lowercase()),
        _ => Err("it is http:// or https:// and a host, without a / at its end".to_owned()),
    }
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
        /// What the link begins with [default: http://127.0.0.1:8787]
        #[arg(long, env = "CONVOKE_PUBLIC_URL", hide_env_values = true, value_name = "URL", value_parser = public_url)]
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
