"""The chained function of Rosenbrock in JAX, compiled, for one thread of the processor: beside `main.rs`.

    pip install jax
    python jax_chain.py
"""
import os
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)


def chain(x):
    bend = x[1:] - x[:-1] ** 2
    return jnp.sum(100.0 * bend**2 + (1.0 - x[:-1]) ** 2)


def by_hand(x):
    bend, gradient = x[1:] - x[:-1] ** 2, np.zeros_like(x)
    gradient[1:] += 200.0 * bend
    gradient[:-1] += -400.0 * bend * x[:-1] - 2.0 * (1.0 - x[:-1])
    return gradient


def least_nanoseconds(call, calls):
    """Of a call: the least of some rounds, as in `main.rs`."""
    rounds = []
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(calls):
            result = call()
        jax.block_until_ready(result)
        rounds.append((time.perf_counter() - start) / calls * 1e9)
    return min(rounds)


value_and_grad = jax.jit(jax.value_and_grad(chain))
batch = jax.jit(jax.vmap(jax.value_and_grad(chain)))
for n in [2, 8, 32, 128]:
    x = np.sin(np.arange(n) + 0.5)
    assert np.allclose(value_and_grad(x)[1], by_hand(x), rtol=1e-12, atol=1e-12)
    point, points = jnp.asarray(x), jnp.asarray(np.tile(x, (4096, 1)))
    one = least_nanoseconds(lambda: value_and_grad(point), 200)
    many = least_nanoseconds(lambda: batch(points), 5) / len(points)
    print(f"{n:3} inputs: one call {one:9.0f} ns; of 4096 points at once {many:7.1f} ns a point")
