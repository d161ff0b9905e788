use ringback::{BoxError, Incoming, Router, api::Message};

async fn wrong_result(message: Incoming) -> Result<Message, BoxError> {
    Ok(message.answer("Hello").await?)
}

fn main() {
    let _ = Router::new().message(wrong_result);
}
