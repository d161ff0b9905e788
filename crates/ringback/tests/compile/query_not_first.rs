use ringback::{CallbackQuery, Outcome, Router, State};

async fn query_not_first(_count: State<u64>, query: CallbackQuery) -> Outcome {
    query.answer().await
}

fn main() {
    let _ = Router::new().callback(query_not_first);
}
