use ringback::CallbackData;

#[derive(CallbackData)]
#[callback_data(prefix = "$", codec = "sealed", bind(user))]
struct Order {
    id: u128,
    buyer: u128,
    seller: u128,
}

fn main() {}
