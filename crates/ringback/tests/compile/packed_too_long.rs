use ringback::CallbackData;

#[derive(CallbackData)]
#[callback_data(prefix = "#", codec = "packed")]
enum Board {
    Empty,
    Cells(u128, u128, u128, u64),
}

fn main() {}
