# `make` alone prints what there is. Options go through ARGS: make run ARGS="--port 8001", make test ARGS="tests/cli".
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

ifeq (,$(shell command -v $(PYTHON) 2>/dev/null))
$(error 没有找到 $(PYTHON)：请先安装 Python 3.11 或更高版本，如 apt-get install python3 python3-venv)
endif

.PHONY: help run test check bench lock clean

help:  ## 显示可用的命令 / show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

run:  ## 安装并启动，打印网址和演示账号 / set everything up and start
	@$(PYTHON) tools/bootstrap.py run $(ARGS)

test:  ## 安装并运行全部测试 / set everything up and run the whole suite
	@$(PYTHON) tools/bootstrap.py test $(ARGS)

check:  ## 一分钟内的检查：格式、类型、分层、规则 / the fast checks
	@$(PYTHON) tools/bootstrap.py check $(ARGS)

bench:  ## 运行性能对比 / run the benchmarks
	@$(PYTHON) tools/bootstrap.py bench $(ARGS)

lock:  ## 重新锁定依赖 / lock the dependencies again
	@$(PYTHON) tools/bootstrap.py lock $(ARGS)

clean:  ## 删除虚拟环境和缓存（不动数据） / remove the environment and caches, not the data
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
