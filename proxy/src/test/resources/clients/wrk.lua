-- wrk posts a body and compares every answer with it.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  wrk.method = "POST"
  wrk.body = string.rep("0123456789abcde\n", 100)
  checked = 0
  differing = 0
end

function response(status, headers, body)
  checked = checked + 1
  if status ~= 200 or body ~= wrk.body then
    differing = differing + 1
  end
end

function done(summary)
  local checked, differing = 0, 0
  for _, thread in ipairs(threads) do
    checked = checked + thread:get("checked")
    differing = differing + thread:get("differing")
  end
  local errors = summary.errors
  print(string.format("checked=%d differing=%d connect=%d read=%d write=%d status=%d timeout=%d", checked, differing,
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
