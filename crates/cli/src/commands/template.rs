//! `template TYPE`: works before there is any database, then without custom fields.

use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::Result;
use convoke_app::Error;
use convoke_app::pipeline::results::write_template;
use convoke_app::pipeline::settings::Settings;
use convoke_app::pipeline::workbook::template::write_template_workbook;

use super::DONE;
use crate::args::{TemplateArgs, TemplateFormat};
use crate::output::Target;
use crate::resources::Resources;

pub(super) fn run(resources: &Resources<'_>, args: &TemplateArgs) -> Result<u8> {
    let to_stdout = args.out.as_deref().is_none_or(|path| path == Path::new("-"));
    if args.format == TemplateFormat::Xlsx && to_stdout && io::stdout().is_terminal() {
        return Err(Error::usage("A workbook cannot be shown in a terminal", "Name a file: --out template.xlsx").into());
    }
    let mut out = Target::open(args.out.as_deref())?;
    if !resources.template(args.record_type, args.format, &mut out)? {
        of_nobody(args, &mut out).map_err(Error::from)?;
    }
    out.finish()?;
    Ok(DONE)
}

fn of_nobody(args: &TemplateArgs, out: &mut Target) -> Result<(), convoke_app::pipeline::results::ResultsError> {
    let settings = Settings::new(args.record_type);
    match args.format {
        TemplateFormat::Csv => write_template(&settings, out),
        TemplateFormat::Xlsx => write_template_workbook(&settings, out),
    }
}
