//! `template TYPE`: works before there is any database, then without custom fields.

use anyhow::Result;
use convoke_app::Error;
use convoke_app::pipeline::results::write_template;
use convoke_app::pipeline::settings::Settings;

use super::DONE;
use crate::args::{Global, TemplateArgs};
use crate::open;
use crate::output::Target;

pub(super) fn run(global: &Global, args: &TemplateArgs) -> Result<u8> {
    let workspace = if open::may_exist(global)? { open::to_read(global)? } else { None };
    let mut out = Target::open(args.out.as_deref())?;
    match workspace {
        Some(workspace) => workspace.write_template(args.record_type, &mut out)?,
        None => write_template(&Settings::new(args.record_type), &mut out).map_err(Error::from)?,
    }
    out.finish()?;
    Ok(DONE)
}
