# expect: failed: two numbers
import sys


def main(args):
    if "--rates" in args:
        print(open("rates.txt").read())
        return 0
    try:
        numbers = [float(word) if "." in word else int(word) for word in sys.stdin.read().split()]
    except ValueError as problem:
        print("not a number:", str(problem).rpartition(" ")[2])
        return 2
    if "--mean" in args:
        print(sum(numbers) / len(numbers))
    elif "--each" in args:
        print(*numbers, sep="\n")
    else:
        print(f" {sum(numbers)}")
    return 0


sys.exit(main(sys.argv[1:]))
