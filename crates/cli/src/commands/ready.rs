//! `ringback ready`: is it there yet?

use crate::args::{Format, Ready};
use crate::control::Control;
use crate::failure::Failure;
use crate::output;
use serde_json::json;
use std::process::ExitCode;
use std::time::Duration;
use tokio::time::Instant;

const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn run(format: Format, args: Ready) -> Result<ExitCode, Failure> {
    let control = Control::new(&args.url);
    let deadline = Instant::now() + args.timeout;
    loop {
        match control.ready().await {
            Ok(()) => break,
            Err(failure) if !args.wait || Instant::now() >= deadline => return Err(failure),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    output::result(format, &json!({"ready": true, "url": args.url}), || {
        "ready".into()
    });
    Ok(ExitCode::SUCCESS)
}
