//! `ringback dev`: the local Telegram alone.

use super::{asked_to_end, described, start, table};
use crate::args::{Format, ServerArgs};
use crate::failure::Failure;
use crate::output;
use std::process::ExitCode;

pub(crate) async fn run(format: Format, args: ServerArgs) -> Result<ExitCode, Failure> {
    let server = start(&args).await?;
    output::result(format, &described(&server), || {
        let url = server.url();
        let kept = args
            .db
            .as_ref()
            .map_or("in memory (keep it with --db FILE)".to_owned(), |db| {
                db.display().to_string()
            });
        let tokens = if args.strict {
            "only of bots made before"
        } else {
            "any, such as 123456:local"
        };
        let rows = table(&[
            ("page", format!("{url}/")),
            ("Bot API", format!("{url}/bot<token>/<method>")),
            ("control", format!("{url}/_ringback/v1/openapi.json")),
            ("tokens", tokens.to_owned()),
            ("MTProto", format!("{}, data centre 2", server.addr())),
            (
                "session",
                format!("ringback session new --for telethon --as USER --url {url}"),
            ),
            (
                "lines",
                "one to copy for each library: on the page, and in docs/src/connect.md".to_owned(),
            ),
            ("world", kept),
        ]);
        format!("A local Telegram is running. Ctrl-C ends it.\n\n{rows}")
    });
    asked_to_end().await;
    server.stop().await;
    Ok(ExitCode::SUCCESS)
}
