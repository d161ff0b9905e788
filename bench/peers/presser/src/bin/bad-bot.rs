//! A bot that does everything wrong that the presser must see: of its presses it leaves the newest unanswered, answers
//! one twice, one with a wrong text and one that nobody made, takes the rest newest first, and asks for them twice.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut api = Api::connect()?;
    let updates = api.call("getUpdates", &json!({"timeout": 5}))?;
    let again = api.call("getUpdates", &json!({"timeout": 0}))?;
    if updates != again {
        return Err("what was not confirmed did not come again".into());
    }
    let updates = updates["result"].as_array().ok_or("no updates")?;
    for (nth, update) in updates.iter().rev().enumerate() {
        let query = &update["callback_query"];
        let number = query["data"]
            .as_str()
            .and_then(|data| data.rsplit(':').next())
            .ok_or("no number")?;
        let mut answer = json!({"callback_query_id": query["id"], "text": format!("Volume {number}")});
        match nth {
            0 => continue,
            1 => {
                let made_up = json!({"callback_query_id": "4380000000000000001", "text": "Volume 1"});
                api.call("answerCallbackQuery", &made_up)?;
            }
            2 => answer["text"] = json!("Volume 101"),
            3 => {
                api.call("answerCallbackQuery", &answer)?;
            }
            _ => {}
        }
        api.call("answerCallbackQuery", &answer)?;
    }
    // The presser ends a bot that only waits.
    api.call("getUpdates", &json!({"offset": 2_000_000_000, "timeout": 50}))?;
    Ok(())
}

struct Api {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Api {
    fn connect() -> Result<Self, Box<dyn Error>> {
        let base = std::env::var("API_BASE")?;
        let stream = TcpStream::connect(base.trim_start_matches("http://"))?;
        Ok(Api {
            stream: BufReader::new(stream),
            token: std::env::var("TOKEN")?,
        })
    }

    fn call(&mut self, method: &str, parameters: &Value) -> Result<Value, Box<dyn Error>> {
        let (token, body) = (&self.token, parameters.to_string());
        let head = format!(
            "POST /bot{token}/{method} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}",
            body.len()
        );
        write!(self.stream.get_mut(), "{head}\r\n\r\n{body}")?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse()?
                }
                None if line.trim_end().is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(serde_json::from_slice(&body)?)
    }
}
