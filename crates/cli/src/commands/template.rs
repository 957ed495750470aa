//! `template TYPE`: works before there is any database, then without custom fields.

use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::Result;
use convoke_app::pipeline::results::write_template;
use convoke_app::pipeline::settings::Settings;
use convoke_app::pipeline::workbook::template::write_template_workbook;
use convoke_app::{Error, Workspace};

use super::DONE;
use crate::args::{Global, TemplateArgs, TemplateFormat};
use crate::open;
use crate::output::Target;

pub(super) fn run(global: &Global, args: &TemplateArgs) -> Result<u8> {
    let to_stdout = args.out.as_deref().is_none_or(|path| path == Path::new("-"));
    if args.format == TemplateFormat::Xlsx && to_stdout && io::stdout().is_terminal() {
        return Err(Error::usage("A workbook cannot be shown in a terminal", "Name a file: --out template.xlsx").into());
    }
    let workspace = if open::may_exist(global)? { open::to_read(global)? } else { None };
    let mut out = Target::open(args.out.as_deref())?;
    match workspace {
        Some(workspace) => of_workspace(&workspace, args, &mut out)?,
        None => of_nobody(args, &mut out).map_err(Error::from)?,
    }
    out.finish()?;
    Ok(DONE)
}

fn of_workspace(workspace: &Workspace, args: &TemplateArgs, out: &mut Target) -> Result<(), Error> {
    match args.format {
        TemplateFormat::Csv => workspace.write_template(args.record_type, out),
        TemplateFormat::Xlsx => workspace.write_template_workbook(args.record_type, out),
    }
}

fn of_nobody(args: &TemplateArgs, out: &mut Target) -> Result<(), convoke_app::pipeline::results::ResultsError> {
    let settings = Settings::new(args.record_type);
    match args.format {
        TemplateFormat::Csv => write_template(&settings, out),
        TemplateFormat::Xlsx => write_template_workbook(&settings, out),
    }
}
