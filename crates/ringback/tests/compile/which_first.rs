use ringback::{CallbackQuery, Outcome, State};

#[ringback::handler]
async fn which_first(_count: State<u64>, query: CallbackQuery) -> Outcome {
    query.answer().await
}

fn main() {}
