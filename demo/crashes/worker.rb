# ruby worker.rb BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
require 'json'

# SHIFT
class PaymentError < StandardError; end

class Ledger
  def total(rows)
    rows.sum { |row| row[:amount] / 0 }
  end

  def charge(value)
    raise PaymentError, "card #{value} was declined"
  end

  # SHIFT
  def settle(value)
    charge(value)
  rescue PaymentError
    raise "settlement #{value} failed"
  end

  def owner(value)
    nil.name if value
  end
end

def forth(n) = back(n + 1)
def back(n) = forth(n + 1)

value = ARGV[1]
case ARGV[0]
when 'division' then Ledger.new.total([{ amount: value.to_i }])
when 'own_error' then Ledger.new.charge(value)
when 'cause' then Ledger.new.settle(value)
when 'no_method' then Ledger.new.owner(value)
when 'recursion' then value.to_i.even? ? forth(0) : back(0)
when 'json' then JSON.parse("{#{value}")
when 'missing_file' then require_relative 'missing_library'
when 'top_level' then raise KeyError, "no setting #{value}"
end
