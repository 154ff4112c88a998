//! Functions with jumps to loops; the public ones are compared.

pub fn continues(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut sum = 0.0;
    for &a in v {
        if a < 0.0 {
            continue;
        }
        tick(n);
        let root = a.sqrt();
        if root > x {
            sum += 1.0;
            continue;
        }
        sum += root;
    }
    sum
}

pub fn continues_in_an_arm(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut sum = x;
    for i in 0..n {
        let a = match i {
            0 => continue,
            1 => v[1],
            2 if sum > 1.0 => continue,
            _ => noise(sum),
        };
        sum += a * 0.5;
    }
    sum
}

pub fn breaks_while(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x.abs() + 0.25;
    while noise(y) < 50.0 {
        y *= 2.0;
        if y > 10.0 + v[0] {
            break;
        }
        y += 0.5;
    }
    y
}

pub fn breaks_while_let(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut stack = vec![x, v[0], v[1], v[2]];
    let mut sum = 0.0;
    while let Some(top) = stack.pop() {
        if top < 0.0 {
            continue;
        }
        if top > 2.0 {
            break;
        }
        sum += noise(top);
        if stack.len() == 1 && n > 2 {
            stack.push(3.0);
        }
    }
    sum + stack.len() as f64
}

pub fn leaves_two_loops(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut sum = x;
    'rows: for i in 0..n {
        for (j, a) in v.iter().enumerate() {
            if *a < -1.0 {
                break 'rows;
            }
            if j as i32 > i {
                continue 'rows;
            }
            if noise(*a) > 1.0 {
                break;
            }
            sum += a;
        }
        sum *= 1.5;
        tick(i);
    }
    sum
}

pub fn loops_in_expressions(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x.abs() + 1.0;
    noise(
        loop {
            y += 1.0;
            if y > 4.0 {
                break y;
            }
        } + 'b: {
            if n > 2 {
                break 'b v[0];
            }
            v[1]
        },
    ) * y
}

pub fn keeps_what_was_assigned(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x;
    for i in 0..3 {
        y = match n + i {
            0 => v[0],
            1 => v[1],
            2 => continue,
            3 => break,
            _ => y + 1.0,
        };
    }
    y
}

pub fn canonical_already(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x;
    let mut done = false;
    while y < 9.0 {
        y += 1.0;
        done = noise(y) > 3.0;
        if done {
            break;
        }
    }
    loop {
        y += 1.0;
        if y < 12.0 {
            continue;
        }
        done = y > 20.0 || y.is_nan();
        if done {
            break;
        }
    }
    y
}

pub fn breaks_in_an_unlabelled_block(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x;
    for i in 0..n {
        {
            let a = noise(y);
            if a > 2.0 {
                break;
            }
            y += a;
        }
        {
            if y > 1.5 {
                continue;
            }
            y += 0.25;
        }
        y += v[0];
    }
    y
}
