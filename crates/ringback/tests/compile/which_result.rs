use ringback::{BoxError, CallbackQuery, Incoming, api::Message};

#[ringback::handler]
async fn forgets(query: CallbackQuery) {
    drop(query);
}

#[ringback::handler]
async fn hands_out(message: Incoming) -> Result<Message, BoxError> {
    Ok(message.answer("Hello").await?)
}

fn main() {}
