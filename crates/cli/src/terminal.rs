//! What is asked of the person at the terminal, and what they see while they wait.

use crate::args::Format;
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;
use tokio::time::{Instant, interval};
use zeroize::Zeroizing;

/// Asks for a line. Without a terminal it is the next line of standard input.
pub(crate) async fn ask(question: &str) -> io::Result<String> {
    let question = format!("{question}: ");
    blocking(move || {
        let mut stderr = io::stderr();
        write!(stderr, "{question}")?;
        stderr.flush()?;
        let line = line()?;
        if !io::stdin().is_terminal() {
            writeln!(stderr)?;
        }
        Ok(line.trim().to_owned())
    })
    .await
}

/// Asks for a secret, which is not shown. Without a terminal it is the next line of standard input.
pub(crate) async fn ask_secret(question: &str) -> io::Result<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        return ask(question).await.map(Zeroizing::new);
    }
    let question = format!("{question}: ");
    blocking(move || rpassword::prompt_password(question).map(Zeroizing::new)).await
}

fn line() -> io::Result<String> {
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "nobody answers"));
    }
    Ok(line)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const PAUSE: Duration = Duration::from_millis(100);

/// Shows that something is waited for, as long as it is: on a terminal, for people.
pub(crate) async fn waiting<T>(format: Format, text: &str, work: impl Future<Output = T>) -> T {
    if format == Format::Json || !io::stderr().is_terminal() {
        return work.await;
    }
    let begun = Instant::now();
    let mut ticks = interval(PAUSE);
    let mut frames = FRAMES.iter().cycle();
    let mut work = std::pin::pin!(work);
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            _ = ticks.tick() => {
                let frame = frames.next().unwrap_or(&"");
                let seconds = begun.elapsed().as_secs();
                let after = if seconds == 0 { String::new() } else { format!(" {seconds} s") };
                // A terminal that cannot be written to shows nothing; the work goes on.
                let _ = write!(io::stderr(), "\r\x1b[2K{frame} {text}{after}");
                let _ = io::stderr().flush();
            }
        }
    };
    let _ = write!(io::stderr(), "\r\x1b[2K");
    let _ = io::stderr().flush();
    done
}
