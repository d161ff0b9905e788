use ringback::{CallbackQuery, Outcome, Sender};

#[ringback::handler]
async fn which_argument(query: CallbackQuery, _who: Sender, count: u64) -> Outcome {
    query.answer().text(count.to_string()).await
}

fn main() {}
