use autodiff::grad;

#[grad]
#[test]
fn f() {}

fn main() {}
